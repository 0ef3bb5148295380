package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// hookPatience is how long a hook is tried to be started. By then people have
// rolled back by hand, and a rollback that comes as a surprise is an outage.
const hookPatience = 5 * time.Minute

// Hooks runs what rolls services back. An error says that this attempt led
// nowhere: Refused for good, NotDone certainly, Unclear perhaps.
type Hooks interface {
	Run(ctx context.Context, h outbound.Hook) (outbound.Hooked, error)
}

// runHook starts a run, or looks how far it has got. What is known of it is the result.
func (c *carried) runHook(ctx context.Context) (string, error) {
	run, ok := c.inc.Board.HookRun(c.e.Step.Number)
	if !ok || run.State != incident.HookRunning {
		return c.e.Result, nil
	}
	if c.Hooks == nil {
		return c.e.Result, c.endHook(ctx, run, outbound.Hooked{End: incident.HookFailed, Reason: "there is no hook any more"})
	}
	kept := c.e.Result
	h := outbound.Hook{
		ID: c.e.ID, Incident: c.id, Number: run.Number, Kind: run.Kind, Service: run.Service, Key: c.inc.Key(), At: run.At,
		Again: c.again, State: c.e.Result, Keep: func(state string) error {
			if err := c.note(ctx, state); err != nil {
				return &outbound.Failure{End: outbound.NotDone, Step: "note the hook", Code: "database", Err: err}
			}
			kept = state
			return nil
		},
	}
	if !c.inc.Identity.Private {
		h.Title = c.inc.Identity.Title
	}
	got, err := c.Hooks.Run(ctx, h)
	f := outbound.FailureOf(err)
	switch {
	case f == nil && got.End == "":
		return got.State, &outbound.Failure{End: outbound.Delayed, Wait: got.Wait, Code: outbound.UnderWay, Step: "run a hook"}
	case f == nil:
		return got.State, c.endHook(ctx, run, got)
	case f.End == outbound.Refused:
		c.report(ctx, f, slog.String("effect", c.e.ID), slog.String("service", run.Service))
		return kept, c.endHook(ctx, run, outbound.Hooked{End: incident.HookFailed, Reason: f.Fix})
	case c.Clock.Now().Sub(run.At) >= hookPatience:
		c.report(ctx, f, slog.String("effect", c.e.ID), slog.String("service", run.Service))
		return kept, c.endHook(ctx, run, givenUp(f, c.again))
	case f.End == outbound.Unclear || c.again:
		return kept, err
	}
	return c.e.Result, err
}

// givenUp is the end of a run that could not be started for too long.
func givenUp(f *outbound.Failure, again bool) outbound.Hooked {
	if f.End == outbound.Unclear || again {
		return outbound.Hooked{End: incident.HookUnclear, Reason: "no clear answer for " + hookPatience.String()}
	}
	return outbound.Hooked{End: incident.HookFailed, Reason: "could not be reached for " + hookPatience.String()}
}

func (c *carried) endHook(ctx context.Context, run incident.HookRun, got outbound.Hooked) error {
	return c.decide(ctx, incident.EndHook{Number: run.Number, State: got.End, Reason: got.Reason, Ref: got.Ref})
}

// reportHook says how a run ended, and under that what it printed.
func (c *carried) reportHook(ctx context.Context) (string, error) {
	to, ok := c.home()
	if !ok {
		return "", nowhere()
	}
	sent, err := c.Slack.Post(ctx, c.message("", to))
	if err != nil {
		return "", err
	}
	var printed storage.HookRun
	err = c.Store.Read(ctx, func(r *storage.Reader) (err error) {
		printed, _, err = r.RawHookRun(c.id, c.e.Step.Number)
		return err
	})
	if err != nil {
		return sent.TS, &outbound.Failure{End: outbound.NotDone, Step: "read what a hook printed", Code: "database", Err: err}
	}
	if printed.Output == "" {
		return sent.TS, nil
	}
	thread := to.Thread
	if thread == "" {
		thread = sent.TS
	}
	under := c.message("/output", outbound.Place{Channel: sent.Channel, Thread: thread})
	under.Choices, under.Say = nil, incident.Say{ID: "rollback_ended.output", Args: incident.Args{"text": printed.Output}}
	_, err = c.Slack.Post(ctx, under)
	return sent.TS, err
}

// HookRuns keeps the runs of programs in the database, for every process that
// shares it.
type HookRuns struct{ Store *storage.Store }

// Begin notes that a program is about to be run; mine is false when it was before.
func (h HookRuns) Begin(ctx context.Context, run outbound.Hook, owner string, at time.Time) (mine bool, err error) {
	err = h.Store.Write(ctx, func(tx *storage.Tx) (err error) {
		mine, err = tx.BeginHook(run.Incident, run.Number, owner, at)
		return err
	})
	return mine, err
}

// Beat notes that the owner of a run lives.
func (h HookRuns) Beat(ctx context.Context, run outbound.Hook, at time.Time) error {
	return h.Store.Write(ctx, func(tx *storage.Tx) error { return tx.BeatHook(run.Incident, run.Number, at) })
}

// End notes how a run ended.
func (h HookRuns) End(ctx context.Context, run outbound.Hook, end outbound.Program) error {
	return h.Store.Write(ctx, func(tx *storage.Tx) error {
		return tx.EndHook(storage.HookRun{
			Incident: run.Incident, Number: run.Number, Ended: end.Ended, Well: end.Well, Reason: end.Reason, Output: end.Output,
		})
	})
}

// Look is how far a run has got; ok is false when none was begun.
func (h HookRuns) Look(ctx context.Context, run outbound.Hook) (p outbound.Program, ok bool, err error) {
	err = h.Store.Read(ctx, func(r *storage.Reader) error {
		found, there, err := r.RawHookRun(run.Incident, run.Number)
		ok = there
		p = outbound.Program{Owner: found.Owner, Beat: found.Beat, Ended: found.Ended, Well: found.Well, Reason: found.Reason, Output: found.Output}
		return err
	})
	return p, ok, err
}
