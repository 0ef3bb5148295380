package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// carried is an effect being carried out.
type carried struct {
	*run
	look
	e storage.Effect
	// again says that an earlier attempt may have succeeded.
	again bool
}

// carriers maps each kind of effect to what carries it out. The result is kept
// with the effect, for a next attempt and for people who look.
var carriers = map[incident.EffectKind]func(*carried, context.Context) (result string, err error){
	incident.CreateChannel: (*carried).createChannel,
	incident.Invite:        (*carried).invite,
	incident.Tell:          (*carried).tell,
	incident.Post:          (*carried).post,
	incident.Publish:       (*carried).publish,
	incident.Archive:       (*carried).archive,
	incident.WakeUp:        (*carried).wakeUp,
	incident.EndPage:       (*carried).endPage,
	incident.AckAlarm:      (*carried).ackAlarm,
	incident.NotePager:     (*carried).noteAlarm,
	incident.HookCall:      (*carried).runHook,
	incident.HookDispatch:  (*carried).runHook,
	incident.HookExec:      (*carried).runHook,
	incident.HookReport:    (*carried).reportHook,
	incident.Export:        (*carried).export,
	incident.Track:         (*carried).track,
	incident.TellPage:      (*carried).tellPage,
}

// effect takes one step: marks it, takes it, and notes what came of it. The error
// is one of our own database, or of the fence.
func (r *run) effect(ctx context.Context, l look, e storage.Effect) error {
	carry := carriers[e.Step.Kind]
	if err := r.Store.Write(ctx, func(tx *storage.Tx) error { return tx.MarkSending(r.st, e.ID) }); err != nil {
		return err
	}
	c := &carried{run: r, look: l, e: e, again: e.State == storage.EffectSending}
	result := e.Result
	err := r.safely(ctx, string(e.Step.Kind), func() (err error) {
		result, err = carry(c, ctx)
		return err
	})
	f := outbound.FailureOf(err)
	r.counts.note(f)
	if f == nil {
		r.ownErrors.clear(e.ID)
		r.failures.clear(r.peer(e.Lane))
		return r.finish(ctx, e, storage.EffectDone, result, "")
	}
	r.report(ctx, f, slog.String("effect", e.ID), slog.String("kind", string(e.Step.Kind)))
	if f.End == outbound.Refused {
		r.failures.clear(r.peer(e.Lane))
		return r.finish(ctx, e, storage.EffectFailed, result, f.Error()+". "+f.Fix)
	}
	if ownError(f, e) {
		return r.insist(ctx, c, f, result)
	}
	return r.putOff(ctx, c, f, result)
}

// finish ends a step. It is written although the process is stopping: what was
// done need not be looked for.
func (r *run) finish(ctx context.Context, e storage.Effect, state storage.EffectState, result, reason string) error {
	return r.Store.Write(context.WithoutCancel(ctx), func(tx *storage.Tx) error {
		return tx.FinishEffect(r.st, e.ID, state, result, reason)
	})
}

// putOff keeps a step for later. One that may have been taken stays marked as
// such until a look has said otherwise, whatever kept the look from being taken.
func (r *run) putOff(ctx context.Context, c *carried, f *outbound.Failure, result string) error {
	until := r.retryAt(f, c.e.Lane)
	doubtful := f.End == outbound.Unclear || c.again || result != c.e.Result
	return r.Store.Write(context.WithoutCancel(ctx), func(tx *storage.Tx) error {
		if doubtful {
			return tx.DoubtEffect(r.st, c.e.ID, until, result, f.Error())
		}
		return tx.DelayEffect(r.st, c.e.ID, until, f.Error())
	})
}

// peer is whom failures are counted of: Slack, or whoever is called apart from it.
func (r *run) peer(lane incident.Lane) incident.ID {
	if lane == incident.Apart {
		return r.id + "/apart"
	}
	return r.id
}

// longestGone bounds how long an incident waits for a Slack that is not there. How often
// Slack is tried all in all is the breaker's to bound; an incident that waited for longer
// would keep what is urgent for as long after Slack is back.
const longestGone = 10 * time.Second

// retryAt is when to try again after a failure. A Slack that is not there is left
// alone by everything else of this incident too.
func (r *run) retryAt(f *outbound.Failure, lane incident.Lane) time.Time {
	wait := f.Wait
	if f.End != outbound.Delayed {
		wait = r.failures.next(r.peer(lane))
		if lane != incident.Apart && gone(f) {
			wait = min(wait, longestGone)
		}
	}
	// A longer Retry-After is kept by the limit itself.
	at := r.Clock.Now().Add(min(wait, storage.LongestWait/2))
	if lane != incident.Apart && gone(f) {
		r.paused = at
	}
	return at
}

// gone says that a failure is about Slack as a whole and not about one step: it
// could not be reached, or does not accept the installation.
func gone(f *outbound.Failure) bool {
	if f.End == outbound.Delayed {
		return f.Code != outbound.Limited && f.Code != outbound.RateLimited
	}
	return f.Code == ""
}

// report notes a failure in the log.
func (r *run) report(ctx context.Context, f *outbound.Failure, what ...any) {
	level := slog.LevelInfo
	switch {
	case f.Code == outbound.Limited || f.Code == outbound.UnderWay:
		level = slog.LevelDebug // our own patience, which is daily business
	case f.End == outbound.Refused:
		level = slog.LevelError
		r.Report(outbound.Trouble{Kind: "step " + f.Step, What: f.Code, Incident: r.id})
	case f.End != outbound.Delayed || f.Fix != "":
		level = slog.LevelWarn
	}
	what = append(what, slog.String("incident", string(r.id)), slog.Any("error", f))
	if f.Fix != "" {
		what = append(what, slog.String("fix", f.Fix))
	}
	r.Log.Log(ctx, level, "an outbound step did not succeed", what...)
}

// decide has the domain learn something. A refusal means that it knows already,
// unless it is that this program cannot read the incident: a newer one can.
func (r *run) decide(ctx context.Context, cmd incident.Command) error {
	err := r.Decider.Do(context.WithoutCancel(ctx), r.id, cmd)
	if err == nil || settled(err) {
		return nil
	}
	return &outbound.Failure{End: outbound.NotDone, Step: "store " + cmd.Verb(), Code: "database", Err: err}
}

// note keeps what a step has got so far, for whoever goes on should this process end.
func (c *carried) note(ctx context.Context, result string) error {
	return c.Store.Write(ctx, func(tx *storage.Tx) error { return tx.DoubtEffect(c.st, c.e.ID, c.e.NotBefore, result, "") })
}

// settled says of the error of a decision that it is a refusal which stays one.
func settled(err error) bool {
	var refused *incident.Error
	return errors.As(err, &refused) && refused.Code != incident.Newer
}
