package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot/toggle"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// DueArgs is the job of a moment that has come.
type DueArgs struct {
	Incident incident.ID `json:"incident"`
	Name     string      `json:"name"` // the due moment's kind
	Key      string      `json:"key,omitempty"`
	At       time.Time   `json:"at"`
}

// Kind is "due".
func (DueArgs) Kind() string { return "due" }

func dueArgs(d storage.DueAt) DueArgs {
	return DueArgs{Incident: d.Incident, Name: d.Due.Kind, Key: d.Due.Key, At: d.Due.At}
}

// dueWorker has the domain decide what a moment leads to. The moment's row is
// gone: this job is all that is left of it, so it is tried until it is stored.
type dueWorker struct {
	river.WorkerDefaults[DueArgs]
	w *Workers
}

func (d *dueWorker) Work(ctx context.Context, job *river.Job[DueArgs]) error {
	a := job.Args
	if reminding(a.Name) && !d.w.On(ctx, toggle.Reminders) {
		return d.w.holdDue(ctx, a)
	}
	err := d.w.Decider.Do(ctx, a.Incident, incident.Fire{Due: incident.Due{Kind: a.Name, Key: a.Key, At: a.At}})
	switch {
	case err == nil:
		return nil
	case settled(err):
		d.w.Log.WarnContext(ctx, "a due moment was refused", slog.String("incident", string(a.Incident)),
			slog.String("kind", a.Name), slog.Any("error", err))
		return nil
	default:
		d.w.Log.WarnContext(ctx, "a due moment could not be stored and is tried again", slog.String("incident", string(a.Incident)),
			slog.String("kind", a.Name), slog.Any("error", err))
		return snooze(backoff(string(a.Incident), tries(job)))
	}
}
