package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// elsewherePatience is how long work elsewhere fails before it is told of, so that a
	// short trouble over there bothers nobody; from elsewhereSlow on it is tried every
	// elsewhereRest only.
	elsewherePatience = 10 * time.Minute
	elsewhereSlow     = time.Hour
	elsewhereRest     = 10 * time.Minute
)

// handOver makes a step a job with a worker of its own: a place that hangs must not keep
// what else the incident has to say.
func (c *carried) handOver(ctx context.Context, what string, args river.JobArgs) (string, error) {
	if err := c.Store.Write(ctx, func(tx *storage.Tx) error { return tx.Enqueue(args, nil) }); err != nil {
		return "", &outbound.Failure{End: outbound.NotDone, Step: "hand " + what + " over", Code: "database", Err: err}
	}
	return "handed over", nil
}

// elsewhere is work for an incident that a worker of its own does.
type elsewhere struct {
	id    incident.ID
	place string    // whose failures are counted together
	since time.Time // when it was handed over
	about slog.Attr // for the log
	// failed is what the domain learns of a failure; final when it is not tried again.
	failed func(reason string, final bool) incident.Command
}

// ended sees to what an attempt came to. What was done is learned; what goes wrong is
// told once, after a while, and tried for a day.
func (w *Workers) ended(ctx context.Context, e elsewhere, done incident.Command, err error) error {
	peer := e.id + "/" + incident.ID(e.place)
	f := outbound.FailureOf(err)
	w.counts.note(f)
	if f == nil {
		w.failures.clear(peer)
		if done == nil {
			return nil
		}
		return w.learn(ctx, e, done)
	}
	w.Log.WarnContext(ctx, "work elsewhere did not succeed", slog.String("place", e.place), slog.String("incident", string(e.id)), e.about, slog.Any("error", f))
	age := w.Clock.Now().Sub(e.since)
	final := f.End == outbound.Refused || age > giveUpAfter
	if final {
		w.failures.clear(peer)
	}
	if final || age > elsewherePatience {
		if err := w.learn(ctx, e, e.failed(reasonOf(f), final)); err != nil || final {
			return err
		}
	}
	wait := max(f.Wait, w.failures.next(peer))
	if age > elsewhereSlow {
		wait = max(wait, elsewhereRest)
	}
	return snooze(wait)
}

// learn has the domain learn what became of work elsewhere; a refusal means that it
// knows. What could not be stored is tried again as a whole.
func (w *Workers) learn(ctx context.Context, e elsewhere, cmd incident.Command) error {
	err := w.Decider.Do(context.WithoutCancel(ctx), e.id, cmd)
	if err == nil || isRefusal(err) {
		return nil
	}
	w.Log.ErrorContext(ctx, "what became of work elsewhere was not stored and is tried again", slog.String("place", e.place), e.about, slog.Any("error", err))
	return snooze(firstWait)
}

// reasonOf says why in words of our own: an error may quote what is secret.
func reasonOf(f *outbound.Failure) string {
	switch {
	case f.Fix != "":
		return f.Fix
	case f.Code != "":
		return "it was answered with " + f.Code + "."
	default:
		return "it could not be reached."
	}
}
