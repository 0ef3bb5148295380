package jobs

import (
	"context"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/storage"
)

// homesEvery is how often App Homes are brought up to date at most. views.publish
// is counted per method (Tier 4, 100 a minute), and nobody stares at a Home.
const homesEvery = 15 * time.Second

// homeWorker publishes App Homes.
type homeWorker struct {
	river.WorkerDefaults[bot.HomeArgs]
	w     *Workers
	shown sync.Map // Slack's id to the bot.Home that was published last by this process
}

// Work publishes the Home of whoever opened it, or of everybody whose Home reads
// otherwise than it did. The latter is not put off: it is looked again before long
// whose Home is late, and jobs that wait would become more with every change.
func (h *homeWorker) Work(ctx context.Context, job *river.Job[bot.HomeArgs]) error {
	if user := job.Args.User; user != "" {
		if f := h.publish(ctx, user, true); f != nil {
			return snooze(max(f.Wait, backoff(user, tries(job))))
		}
		return nil
	}
	users, err := h.w.Talk.Viewers(ctx)
	if err != nil {
		h.w.homesLate.Store(true)
		return nil //nolint:nilerr // it is looked again
	}
	for _, user := range users {
		f := h.publish(ctx, user, false)
		if f == nil {
			continue
		}
		h.w.homesLate.Store(true)
		if f.End == outbound.Delayed || gone(f) {
			return nil
		}
	}
	return nil
}

// publish brings one Home up to date; a failure says that it is to be tried later.
func (h *homeWorker) publish(ctx context.Context, user string, opened bool) *outbound.Failure {
	home, err := h.w.Talk.Home(ctx, user)
	if err != nil {
		h.w.Log.WarnContext(ctx, "an app home could not be made", slog.Any("error", err))
		return &outbound.Failure{End: outbound.NotDone, Step: "make an app home", Code: "database", Err: err}
	}
	if before, ok := h.shown.Load(user); ok && !opened && reflect.DeepEqual(before, home) {
		return nil
	}
	f := outbound.FailureOf(h.w.Slack.PublishHome(ctx, user, home))
	h.w.counts.note(f)
	switch {
	case f == nil:
		h.shown.Store(user, home)
	case f.End == outbound.Refused:
		h.w.Log.WarnContext(ctx, "an app home could not be shown", slog.Any("error", f), slog.String("fix", f.Fix))
		return nil
	}
	return f
}

// homes has the Homes looked at after something changed, once in a while.
type homes struct {
	w    *Workers
	seen int64
	at   time.Time
}

func (h *homes) enqueue(ctx context.Context, now time.Time) error {
	changes := h.w.Talk.Changes()
	since := now.Sub(h.at) // below zero when the clock was set back
	if changes == h.seen && !h.w.homesLate.Load() || since >= 0 && since < homesEvery {
		return nil
	}
	h.w.homesLate.Store(false)
	users, err := h.w.Talk.Viewers(ctx)
	if err == nil && len(users) > 0 {
		err = h.w.Store.Write(ctx, func(tx *storage.Tx) error { return tx.Enqueue(bot.HomeArgs{}, nil) })
	}
	if err != nil {
		h.w.homesLate.Store(true)
		return err
	}
	h.seen, h.at = changes, now
	return nil
}
