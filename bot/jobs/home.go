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
// otherwise than it did.
func (h *homeWorker) Work(ctx context.Context, job *river.Job[bot.HomeArgs]) error {
	users := []string{job.Args.User}
	if job.Args.User == "" {
		var err error
		if users, err = h.w.Talk.Viewers(ctx); err != nil {
			return snooze(backoff("homes", job.Attempt))
		}
	}
	for _, user := range users {
		if wait, again := h.publish(ctx, user, job.Args.User != ""); again {
			return snooze(max(wait, backoff(user, job.Attempt)))
		}
	}
	return nil
}

// publish brings one Home up to date; again says that it is to be tried later.
func (h *homeWorker) publish(ctx context.Context, user string, opened bool) (wait time.Duration, again bool) {
	home, err := h.w.Talk.Home(ctx, user)
	if err != nil {
		h.w.Log.WarnContext(ctx, "an app home could not be made", slog.Any("error", err))
		return 0, true
	}
	if before, ok := h.shown.Load(user); ok && !opened && reflect.DeepEqual(before, home) {
		return 0, false
	}
	f := outbound.FailureOf(h.w.Slack.PublishHome(ctx, user, home))
	h.w.counts.note(f)
	switch {
	case f == nil:
		h.shown.Store(user, home)
		return 0, false
	case f.End == outbound.Refused:
		h.w.Log.WarnContext(ctx, "an app home could not be shown", slog.Any("error", f), slog.String("fix", f.Fix))
		return 0, false
	}
	return f.Wait, true
}

// homes has the Homes looked at after something changed, once in a while.
type homes struct {
	w    *Workers
	seen int64
	at   time.Time
}

func (h *homes) enqueue(ctx context.Context, now time.Time) error {
	changes := h.w.Talk.Changes()
	if changes == h.seen || now.Sub(h.at) < homesEvery {
		return nil
	}
	users, err := h.w.Talk.Viewers(ctx)
	if err == nil && len(users) > 0 {
		err = h.w.Store.Write(ctx, func(tx *storage.Tx) error { return tx.Enqueue(bot.HomeArgs{}, nil) })
	}
	if err == nil {
		h.seen, h.at = changes, now
	}
	return err
}
