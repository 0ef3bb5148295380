package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/toggle"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// digestLook is how often it is looked whether the digest is due.
	digestLook = time.Minute
	// digestStale is how old one may get while Slack is away: then the week is over.
	digestStale = 5 * 24 * time.Hour

	digestClock = "digest"
)

// Digest says when and what the weekly digest is.
type Digest struct {
	Zone *time.Location // nil for no digest
	// Text is what is open across incidents; ok is false when there is nothing to say.
	Text func(context.Context) (text incident.Say, ok bool, err error)
}

// digests looks whether the weekly digest is due.
func (w *Workers) digests(ctx context.Context) time.Duration {
	if err := w.digestDue(ctx); err != nil && ctx.Err() == nil {
		w.Log.WarnContext(ctx, "could not look whether the digest is due", slog.Any("error", err))
	}
	return digestLook
}

// digestDue moves the clock on and has the digest sent, in one transaction: of all
// processes one does, and a crash between leaves either both or none. What became
// due while nothing ran waits for working hours.
func (w *Workers) digestDue(ctx context.Context) error {
	now, zone := w.Clock.Now(), w.Digest.Zone
	return w.Store.Write(ctx, func(tx *storage.Tx) error {
		at, err := tx.Clock(digestClock)
		if storage.IsNotFound(err) {
			return tx.AddClock(digestClock, incident.NextDigest(now, zone))
		}
		if err != nil || at.After(now) && !at.After(incident.NextDigest(now, zone)) {
			return err
		}
		next := incident.WorkingFrom(now, zone)
		due := !at.After(now) && !next.After(now)
		if due || at.After(now) { // or it was set before our clock was set back
			next = incident.NextDigest(now, zone)
		}
		moved, err := tx.MoveClock(digestClock, at, next)
		if err != nil || !moved || !due {
			return err
		}
		return tx.Enqueue(bot.DigestArgs{Op: w.NewID(), At: now}, nil)
	})
}

// digestWorker sends the weekly digest to the announcement channel.
type digestWorker struct {
	river.WorkerDefaults[bot.DigestArgs]
	w *Workers
}

// Work sends it once; what it says is what is so when it goes out.
func (d *digestWorker) Work(ctx context.Context, job *river.Job[bot.DigestArgs]) error {
	w, a := d.w, job.Args
	again := func(wait time.Duration) error {
		return snooze(max(wait, w.failures.next(digestClock)))
	}
	if w.Clock.Now().Sub(a.At) > digestStale {
		return nil
	}
	if !w.On(ctx, toggle.Reminders) || !w.On(ctx, toggle.Announcements) {
		return snooze(offWait)
	}
	channel, err := w.announce.find(ctx, w)
	if f := outbound.FailureOf(err); f != nil {
		return again(f.Wait)
	}
	text, ok, err := w.Digest.Text(ctx)
	if err != nil {
		return again(0)
	}
	if !ok || channel == "" {
		return nil
	}
	who := &crew{ctx: ctx, store: w.Store, known: map[incident.PersonID]storage.Person{}}
	_, err = w.Slack.Post(ctx, outbound.Post{
		Op: a.Op, To: outbound.Place{Channel: channel}, Say: text, View: outbound.View{Who: who, BaseURL: w.BaseURL},
		Since: a.At, Again: tries(job) > 1,
	})
	f := outbound.FailureOf(err)
	w.counts.note(f)
	switch {
	case f == nil:
		w.failures.clear(digestClock)
		return nil
	case f.End == outbound.Refused:
		w.announce.forget(w.Clock.Now())
		w.Log.ErrorContext(ctx, "the digest could not be sent", slog.Any("error", f), slog.String("fix", f.Fix))
		return nil
	}
	return again(f.Wait)
}
