package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// every is how often it is looked what is due, on Rollcall's clock.
	every = time.Second
	// wakeLimit and dueLimit bound what one look turns into jobs.
	wakeLimit = 200
	dueLimit  = 200
	// syncEvery is how often Slack's list of people is read whole.
	syncEvery = 24 * time.Hour
)

// tick looks once a second what is due, and at once when the clock is moved. The
// first look, at the start, finds what an earlier process left.
func (w *Workers) tick(ctx context.Context) {
	seen := &homes{w: w}
	for {
		now := w.Clock.Now()
		for _, look := range []struct {
			what string
			do   func(context.Context, time.Time) error
		}{{"due moments", w.enqueueDues}, {"outbound work", w.wake}, {"people", w.enqueueSync}, {"app homes", seen.enqueue}, {"call rooms", w.enqueueRooms}} {
			if err := look.do(ctx, now); err != nil && ctx.Err() == nil {
				w.Log.WarnContext(ctx, "could not look for what is due", slog.String("what", look.what), slog.Any("error", err))
			}
		}
		w.lookedAt.Store(&now)
		if err := w.Clock.Until(ctx, now.Add(every)); err != nil {
			return
		}
	}
}

// Looked is since when, on Rollcall's clock, everything that was due by then is a
// job; nil before the first look.
func (w *Workers) Looked() *time.Time { return w.lookedAt.Load() }

// enqueueDues turns due moments into jobs, in the transaction that removes them.
func (w *Workers) enqueueDues(ctx context.Context, now time.Time) error {
	for {
		var next time.Time
		var any bool
		err := w.Store.Read(ctx, func(r *storage.Reader) (err error) {
			next, any, err = r.NextDue()
			return err
		})
		if err != nil || !any || next.After(now) {
			return err
		}
		err = w.Store.Write(ctx, func(tx *storage.Tx) error {
			dues, err := tx.TakeDues(now, dueLimit)
			if err != nil {
				return err
			}
			for _, d := range dues {
				if err := tx.Enqueue(dueArgs(d), nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// wake asks for a drain of every incident that has outbound work and no worker
// that shows signs of life.
func (w *Workers) wake(ctx context.Context, now time.Time) error {
	var idle []incident.ID
	err := w.Store.Read(ctx, func(r *storage.Reader) (err error) {
		idle, err = r.StreamsToWake(now, wakeLimit)
		return err
	})
	if err != nil || len(idle) == 0 {
		return err
	}
	return w.Store.Write(ctx, func(tx *storage.Tx) error {
		ids, err := tx.TakeStreams(now, wakeLimit)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := tx.Enqueue(bot.DrainArgs{Incident: id}, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// enqueueSync asks for the people at the start, unless they were read a short
// time ago, and daily.
func (w *Workers) enqueueSync(ctx context.Context, now time.Time) error {
	last := time.Unix(w.syncedAt.Load(), 0)
	if now.Sub(last) < syncEvery {
		return nil
	}
	var read string
	err := w.Store.Read(ctx, func(r *storage.Reader) (err error) {
		read, err = r.Meta(bot.MetaRoster)
		return err
	})
	if err != nil && !storage.IsNotFound(err) {
		return err
	}
	if at, err := time.Parse(time.RFC3339, read); err == nil && now.Sub(at) < syncEvery {
		w.syncedAt.Store(at.Unix())
		return nil
	}
	err = w.Store.Write(ctx, func(tx *storage.Tx) error { return tx.Enqueue(PeopleArgs{}, nil) })
	if err == nil {
		w.syncedAt.Store(now.Unix())
	}
	return err
}
