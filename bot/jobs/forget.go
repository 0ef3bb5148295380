package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// forgetEvery is how often it is looked what need not be kept any more.
	forgetEvery = time.Hour
	// sweepEvery is how often the tables are gone through that have no order by time.
	sweepEvery = 24 * time.Hour

	sweepClock = "forget"
)

// passing are the sources of requests that are not repeated for ever: Slack's, a
// browser's and those of `rollcall do`. PagerDuty's and monitors' are kept, since what
// they sign has no time, and programs' because they are promised their first answer.
var passing = []string{
	"slack.command", "slack.action", "slack.shortcut", "slack.view", "slack.event", "slack.sight", "page.note", "page.rfo", "cli",
}

// forget drops what need not be kept any more, a little at a time.
func (w *Workers) forget(ctx context.Context) time.Duration {
	now := w.Clock.Now()
	w.forgets(ctx, "what is over", func() (int64, error) { return w.forgetOver(ctx, now) })
	answered := now.Add(-storage.KeepAnswers)
	w.forgets(ctx, "offers", func() (int64, error) { return w.Store.ForgetOffers(ctx, answered) })
	if !w.sweepDue(ctx, now) {
		return forgetEvery
	}
	w.forgets(ctx, "answers", func() (int64, error) { return w.Store.ForgetAnswers(ctx, answered) })
	for _, source := range passing {
		w.forgets(ctx, "requests", func() (int64, error) { return w.Store.ForgetRequests(ctx, source, now.Add(-storage.KeepRequests)) })
	}
	w.forgets(ctx, "steps", func() (int64, error) { return w.Store.ForgetSteps(ctx, now.Add(-storage.KeepSteps)) })
	w.forgets(ctx, "rates", func() (int64, error) { return w.Store.ForgetRates(ctx, now.Add(-storage.KeepRates)) })
	return forgetEvery
}

// forgets does one part of it, and says how it went.
func (w *Workers) forgets(ctx context.Context, what string, do func() (int64, error)) {
	switch n, err := do(); {
	case ctx.Err() != nil:
	case err != nil:
		w.Log.WarnContext(ctx, "what is old could not be dropped; it is tried again", slog.String("what", what), slog.Any("error", err))
	case n > 0:
		w.Log.InfoContext(ctx, "dropped what is old", slog.String("what", what), slog.Int64("rows", n))
	}
}

// forgetOver drops what an index by time finds, and of which little comes.
func (w *Workers) forgetOver(ctx context.Context, now time.Time) (all int64, err error) {
	err = w.Store.Write(ctx, func(tx *storage.Tx) error {
		all = 0
		for _, one := range []struct {
			drop   func(time.Time) (int64, error)
			before time.Time
		}{
			{tx.ForgetUnread, now.Add(-storage.KeepUnread)},
			{tx.ForgetOccurrences, now.Add(-storage.KeepAlarms)},
			{tx.ForgetAlarms, now.Add(-storage.KeepAlarms)},
			{tx.ForgetPasses, now},
		} {
			n, err := one.drop(one.before)
			if err != nil {
				return err
			}
			all += n
		}
		n, err := tx.ForgetReplicas()
		all += n
		return err
	})
	return all, err
}

// sweepDue moves the clock on and says whether this process is to go through the
// tables now: of all processes one is, once a day, however often they start. What was cut
// short goes on a day later.
func (w *Workers) sweepDue(ctx context.Context, now time.Time) (due bool) {
	next := now.Add(sweepEvery)
	err := w.Store.Write(ctx, func(tx *storage.Tx) error {
		due = false
		at, err := tx.Clock(sweepClock)
		if storage.IsNotFound(err) {
			return tx.AddClock(sweepClock, now.Add(forgetEvery)) // not while everything else starts
		}
		if err != nil || at.After(now) && !at.After(next) {
			return err
		}
		moved, err := tx.MoveClock(sweepClock, at, next)
		due = moved && !at.After(now) // or it was set before our clock was set back
		return err
	})
	if err != nil && ctx.Err() == nil {
		w.Log.WarnContext(ctx, "could not see whether old rows are to be dropped", slog.Any("error", err))
	}
	return due && err == nil
}
