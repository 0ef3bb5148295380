package hooks

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/rest"
	"github.com/rollcall-bot/rollcall/incident"
)

const (
	// appears is how long GitHub may take to list a run that it began: a run that is
	// not there by then never was.
	appears = 30 * time.Second
	// skew is how far GitHub's clock may be behind ours.
	skew = 30 * time.Second
	// A run is looked at often at first, since most are short.
	lookSoon, lookLater = 3 * time.Second, 10 * time.Second
)

// flow is what is known of a workflow's run. Its time is the machine's.
type flow struct {
	Tried time.Time `json:"tried"`          // when it was last about to be started
	Sent  bool      `json:"sent,omitempty"` // GitHub said yes
	ID    int64     `json:"id,omitempty"`   // of the run; 0 while it is not known
	URL   string    `json:"url,omitempty"`
}

func (f flow) String() string {
	b, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	return string(b)
}

// under says that the run goes on.
func (f flow) under(wait time.Duration) outbound.Hooked {
	return outbound.Hooked{State: f.String(), Ref: f.URL, Wait: wait}
}

func (f flow) ended(end incident.HookState, reason string) outbound.Hooked {
	return outbound.Hooked{End: end, Reason: reason, Ref: f.URL, State: f.String()}
}

// workflow starts a workflow, or looks how far its run has got.
//
// Class: detectable. Before a repeat the workflow's runs are looked through: for
// the run's id in their titles where an input passes it on, else for any that was
// begun meanwhile, which is then nobody's to repeat.
func (r *Runner) workflow(ctx context.Context, hook Hook, h outbound.Hook) (outbound.Hooked, error) {
	var f flow
	if h.State != "" {
		_ = json.Unmarshal([]byte(h.State), &f) // what cannot be read is as if nothing was known
	}
	late := r.Wall().Sub(f.Tried)
	switch {
	case f.ID != 0:
		return r.follow(ctx, hook, f), nil
	case f.Sent:
		return r.which(ctx, *hook.Workflow, h, f, late), nil
	case !f.Tried.IsZero() && h.Again:
		found, failure := r.candidates(ctx, *hook.Workflow, h, f)
		switch {
		case failure != nil:
			return outbound.Hooked{}, failure
		case len(found) > 0 && hook.Workflow.marked():
			f.Sent, f.ID, f.URL = true, found[0].ID, found[0].URL
			return f.under(lookSoon), nil
		case len(found) > 0:
			f.URL = found[0].URL
			return f.ended(incident.HookUnclear, "GitHub did not answer, and began a run of this workflow that may be ours or somebody's"), nil
		case late < appears:
			return f.under(lookSoon), nil
		}
	}
	return r.start(ctx, *hook.Workflow, h)
}

// start has GitHub begin a run. That it is about to is kept first.
func (r *Runner) start(ctx context.Context, w Workflow, h outbound.Hook) (outbound.Hooked, error) {
	f := flow{Tried: r.Wall()}
	if err := h.Keep(f.String()); err != nil {
		return outbound.Hooked{}, err
	}
	run, failure := r.dispatch(ctx, w, h)
	if failure != nil {
		return outbound.Hooked{}, failure
	}
	f.Sent, f.ID, f.URL = true, run.ID, run.URL
	return f.under(lookSoon), nil
}

// candidates are the runs that may be ours: by the run's id in their titles where
// the workflow has it, else all that were begun since.
func (r *Runner) candidates(ctx context.Context, w Workflow, h outbound.Hook, f flow) ([]started, *outbound.Failure) {
	all, failure := r.runs(ctx, w, f.Tried.Add(-skew))
	if failure != nil {
		return nil, failure
	}
	return slices.DeleteFunc(all, func(s started) bool { return w.marked() && !strings.Contains(s.Title, h.ID) }), nil
}

// which finds the run that GitHub began without saying which it is.
func (r *Runner) which(ctx context.Context, w Workflow, h outbound.Hook, f flow, late time.Duration) outbound.Hooked {
	found, failure := r.candidates(ctx, w, h, f)
	switch {
	case failure == nil && len(found) == 1:
		f.ID, f.URL = found[0].ID, found[0].URL
		return f.under(lookSoon)
	case late < 2*appears:
		return f.under(lookSoon)
	}
	return f.ended(incident.HookAccepted, "GitHub took it, and its run cannot be told from others")
}

// follow looks at a run until it ends. That GitHub does not answer changes nothing.
func (r *Runner) follow(ctx context.Context, hook Hook, f flow) outbound.Hooked {
	late := r.Wall().Sub(f.Tried)
	run, failure := r.one(ctx, *hook.Workflow, f.ID)
	if run.URL != "" {
		f.URL = run.URL
	}
	wait := lookSoon
	if late > appears {
		wait = lookLater
	}
	switch {
	case failure != nil && failure.End == outbound.Refused:
		return f.ended(incident.HookUnclear, failure.Fix)
	case failure != nil:
		wait = max(failure.Wait, lookLater)
	case run.Status == "completed" && run.Conclusion == "success":
		return f.ended(incident.HookDone, "")
	case run.Status == "completed":
		return f.ended(incident.HookFailed, "the workflow ended with "+rest.FirstLine(run.Conclusion))
	}
	if late > hook.Timeout {
		return f.ended(incident.HookUnclear, "the workflow has not ended after "+hook.Timeout.String())
	}
	return f.under(wait)
}
