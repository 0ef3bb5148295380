package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/storage"
)

// restoredWorker moves the number of the next incident past every channel that is
// found: those opened after the backup are gone from the database, but not from
// Slack, and not from people's memory.
type restoredWorker struct {
	river.WorkerDefaults[storage.Restored]
	w *Workers
}

// Timeout leaves room for a large workspace: Slack gives 999 channels at a time, 20 times a minute.
func (*restoredWorker) Timeout(*river.Job[storage.Restored]) time.Duration { return 10 * time.Minute }

func (r *restoredWorker) Work(ctx context.Context, job *river.Job[storage.Restored]) error {
	last, err := r.w.Slack.LastNumber(ctx)
	if f := outbound.FailureOf(err); f != nil {
		r.w.Log.WarnContext(ctx, "the channels of incidents could not be counted after the restore", slog.Any("error", f), slog.String("fix", f.Fix))
		return snooze(max(f.Wait, backoff("restored", tries(job))))
	}
	return r.w.Store.Write(ctx, func(tx *storage.Tx) error { return tx.RaiseNumber(last) })
}

// restored says that a step was decided before the database was last put back: what
// became of it meanwhile is not known.
func (c *carried) restored(ctx context.Context) (bool, error) {
	var stamp string
	err := c.Store.Read(ctx, func(r *storage.Reader) (err error) {
		stamp, err = r.Meta(storage.MetaRestoredAt)
		return err
	})
	if storage.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, &outbound.Failure{End: outbound.NotDone, Step: "look for a restore", Code: "database", Err: err}
	}
	at, err := time.Parse(time.RFC3339, stamp)
	return err == nil && !c.e.At.After(at.Add(time.Second)), nil // it was noted without the fraction
}
