package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Tracker keeps issues for actions. Errors are *outbound.Failure. It is called again
// after a lost reply, and then finds out by itself what became of the first attempt;
// never twice at a time for one action.
type Tracker interface {
	Bring(ctx context.Context, t outbound.Ticket) (outbound.Ticketed, error)
}

// Tracking is what keeps an issue for each action; the zero Tracking for none.
type Tracking struct {
	To Tracker
	// Ticket words an action; one that is not there any more is gone.
	Ticket func(r *storage.Reader, inc *incident.Incident, number int) outbound.Ticket
	Zone   *time.Location // in whose morning the issues are looked at
}

const (
	trackTimeout = 45 * time.Second
	// trackTurn is longer than an attempt may take, so that a turn is over only when
	// its process is dead, and what it has made is shown by then.
	trackTurn = trackTimeout + 30*time.Second
	// trackBefore is how long before a change an action may have been made whose issue
	// is not known yet: it can be taken back for ten minutes.
	trackBefore = 15 * time.Minute

	trackClock = "actions.look"
	trackHour  = 6 // o'clock, before anybody is reminded
)

// track hands an action to a worker of its own.
func (c *carried) track(ctx context.Context) (string, error) {
	return c.handOver(ctx, "the action", bot.TrackArgs{Incident: c.id, Number: c.e.Step.Number, At: c.e.At})
}

// trackWorker keeps issues up to date.
type trackWorker struct {
	river.WorkerDefaults[bot.TrackArgs]
	w *Workers
}

// Work brings one action's issue up to date. What goes wrong is told once in the
// channel, after a while; it is tried for a day.
func (t *trackWorker) Work(ctx context.Context, job *river.Job[bot.TrackArgs]) error {
	w, a := t.w, job.Args
	if w.Exports.Tracking.To == nil {
		return nil // it is not configured any more
	}
	if a.Incident == "" {
		return t.all(ctx, a.At)
	}
	done, busy, err := t.turn(ctx, a)
	if busy {
		return snooze(firstWait)
	}
	return w.ended(ctx, elsewhere{
		id: a.Incident, place: "track", since: a.At, about: slog.Int("action", a.Number),
		failed: func(reason string, final bool) incident.Command {
			return incident.TrackAction{Number: a.Number, Reason: reason, Final: final}
		},
	}, done, err)
}

// turn makes one attempt, alone among all processes; busy says that another is at it.
// What the action is is read when the turn is taken, so that the last attempt writes
// what is so.
func (t *trackWorker) turn(ctx context.Context, a bot.TrackArgs) (done incident.Command, busy bool, err error) {
	w := t.w
	name := fmt.Sprintf("action/%s/%s", a.Incident, incident.ActionID(a.Number))
	now := w.Clock.Now()
	until := now.Add(trackTurn)
	var ticket outbound.Ticket
	err = w.Store.Write(ctx, func(tx *storage.Tx) error {
		taken, err := tx.TakeTurn(name, now, until)
		if busy = !taken; err != nil || busy {
			return err
		}
		inc, err := tx.RawIncident(a.Incident)
		if err == nil {
			ticket = w.Exports.Tracking.Ticket(tx.Reader, inc, a.Number)
		}
		return err
	})
	if err != nil {
		return nil, false, &outbound.Failure{End: outbound.NotDone, Step: "read the action", Err: err}
	}
	if busy {
		return nil, true, nil
	}
	if ticket.Since.IsZero() {
		ticket.Since = a.At.Add(-trackBefore)
	}
	attempt, cancel := context.WithTimeout(ctx, trackTimeout)
	defer cancel()
	got, err := w.Exports.Tracking.To.Bring(attempt, ticket)
	f := outbound.FailureOf(err)
	t.endTurn(context.WithoutCancel(ctx), name, until, f)
	if f != nil && f.End == outbound.Unclear {
		f.Wait = 0 // the next turn waits, by Rollcall's clock
	}
	if err != nil || got.Link == "" {
		return nil, false, err
	}
	return incident.TrackAction{Number: a.Number, Link: got.Link, Closed: got.Closed}, false, nil
}

// endTurn gives a turn back. Nobody has the next one before what may have been made
// can be seen.
func (t *trackWorker) endTurn(ctx context.Context, name string, until time.Time, f *outbound.Failure) {
	err := t.w.Store.Write(ctx, func(tx *storage.Tx) error {
		if f != nil && f.End == outbound.Unclear && f.Wait > 0 {
			_, err := tx.MoveClock(name, until, t.w.Clock.Now().Add(f.Wait))
			return err
		}
		return tx.EndTurn(name, until)
	})
	if err != nil {
		t.w.Log.WarnContext(ctx, "a turn was not given back; it ends by itself", slog.Any("error", err))
	}
}

// all has every open action looked at whose issue Rollcall made.
func (t *trackWorker) all(ctx context.Context, at time.Time) error {
	var found []bot.TrackArgs
	err := t.w.Store.Read(ctx, func(r *storage.Reader) error {
		found = nil
		briefs, err := r.RawUnfinished()
		if err != nil {
			return err
		}
		for _, b := range briefs {
			if b.Status == incident.Cancelled {
				continue
			}
			inc, err := r.RawIncident(b.ID)
			if err != nil {
				return err
			}
			for _, a := range inc.Review.Actions {
				if a.State == incident.ActionOpen && a.Issued {
					found = append(found, bot.TrackArgs{Incident: b.ID, Number: a.Number, At: at})
				}
			}
		}
		return nil
	})
	if err != nil {
		return snooze(firstWait)
	}
	return t.w.Store.Write(ctx, func(tx *storage.Tx) error {
		for _, args := range found {
			if err := tx.Enqueue(args, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// trackings looks whether issues are due to be looked at, once a day.
func (w *Workers) trackings(ctx context.Context) time.Duration {
	if err := w.trackDue(ctx); err != nil && ctx.Err() == nil {
		w.Log.WarnContext(ctx, "could not see whether issues are to be looked at", slog.Any("error", err))
	}
	return digestLook
}

// trackDue moves the clock on and makes the job, in one transaction: of all
// processes one does.
func (w *Workers) trackDue(ctx context.Context) error {
	now := w.Clock.Now()
	next := incident.NextHour(now, trackHour, w.Exports.Tracking.Zone)
	return w.Store.Write(ctx, func(tx *storage.Tx) error {
		at, err := tx.Clock(trackClock)
		if storage.IsNotFound(err) {
			return tx.AddClock(trackClock, next)
		}
		if err != nil || at.After(now) && !at.After(next) {
			return err
		}
		moved, err := tx.MoveClock(trackClock, at, next)
		if err != nil || !moved || at.After(now) { // or it was set before our clock was set back
			return err
		}
		return tx.Enqueue(bot.TrackArgs{At: now}, nil)
	})
}
