package hooks_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/playground/githubfake"
	"github.com/rollcall-bot/rollcall/bot/playground/standin"
	"github.com/rollcall-bot/rollcall/incident"
)

func TestWorkflow(t *testing.T) {
	for _, one := range []struct {
		service, conclusion string
		old                 bool
		end                 incident.HookState
		reason              string
	}{
		{"cart", "success", false, incident.HookDone, ""},
		{"cart", "success", true, incident.HookDone, ""},
		{"search", "success", false, incident.HookDone, ""},
		{"search", "success", true, incident.HookDone, ""},
		{"cart", "failure", false, incident.HookFailed, "the workflow ended with failure"},
		{"cart", "cancelled", true, incident.HookFailed, "the workflow ended with cancelled"},
	} {
		w := newWorld(t)
		w.github.Old = one.old
		w.github.EndWith(one.conclusion)
		w.github.Hide(2)
		got := w.ends(ask(incident.HookWorkflow, one.service), 8, one.end)
		runs := w.github.Runs()
		if len(runs) != 1 || runs[0].Inputs["service"] != one.service {
			t.Fatalf("started was %+v", runs)
		}
		if got.Reason != one.reason || got.Ref != "https://github.example.org/acme/shop/rollback.yml/runs/1001" {
			t.Errorf("said %q, at %s", got.Reason, got.Ref)
		}
	}
}

// TestWorkflowThroughTrouble: whatever befalls the start, or the looks at it, there
// is one run.
func TestWorkflowThroughTrouble(t *testing.T) {
	for name, fault := range map[string]githubfake.Fault{
		"reset":         {Method: "POST dispatches", Kind: standin.Reset, Times: 1},
		"hang":          {Method: "POST dispatches", Kind: standin.Hang, Times: 1},
		"502":           {Method: "POST dispatches", Kind: standin.Status, Code: 502, Times: 2},
		"limited":       {Method: "POST dispatches", Kind: standin.Limited, RetryAfter: 30, Times: 1},
		"lost reply":    {Method: "POST dispatches", Kind: standin.LostReply, Times: 1},
		"half a reply":  {Method: "POST dispatches", Kind: standin.Garbled, Times: 1},
		"blind looks":   {Method: "GET run", Kind: standin.Status, Times: 4},
		"limited looks": {Method: "GET run", Kind: standin.Limited, RetryAfter: 10, Times: 2},
		"cut looks":     {Method: "GET run", Kind: standin.Reset, Times: 3},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.github.EndWith("success")
			w.github.Hide(1)
			w.github.Faults.Inject(fault)
			w.ends(ask(incident.HookWorkflow, "cart"), 30, incident.HookDone)
			if n := len(w.github.Runs()); n != 1 {
				t.Errorf("started %d times", n)
			}
		})
	}
}

// TestWorkflowThatWasStartedIsNotStartedAgainBlindly: the reply is lost and the
// looks fail as well.
func TestWorkflowThatWasStartedIsNotStartedAgainBlindly(t *testing.T) {
	w := newWorld(t)
	w.github.EndWith("success")
	w.github.Faults.Inject(githubfake.Fault{Method: "POST dispatches", Kind: standin.LostReply, Times: 1})
	w.github.Faults.Inject(githubfake.Fault{Method: "GET runs", Kind: standin.Status, Times: 5})
	w.ends(ask(incident.HookWorkflow, "cart"), 30, incident.HookDone)
	if n := len(w.github.Runs()); n != 1 {
		t.Errorf("started %d times", n)
	}
}

// TestWorkflowWithoutAMarkIsNotRepeatedWhereOneCannotTell: without the run's id
// among the inputs, a run that was begun meanwhile may be ours.
func TestWorkflowWithoutAMarkIsNotRepeatedWhereOneCannotTell(t *testing.T) {
	w := newWorld(t)
	w.github.Faults.Inject(githubfake.Fault{Method: "POST dispatches", Kind: standin.LostReply, Times: 1})
	got := w.ends(ask(incident.HookWorkflow, "search"), 30, incident.HookUnclear)
	if n := len(w.github.Runs()); n != 1 || !strings.Contains(got.Reason, "may be ours") || got.Ref == "" {
		t.Errorf("started %d times, said %q", n, got.Reason)
	}
	// A marked one is told from somebody's that was begun at the same time.
	w = newWorld(t)
	w.github.EndWith("success")
	w.github.Begin("acme/shop", "rollback.yml", "Roll back cart (by hand)")
	w.github.Faults.Inject(githubfake.Fault{Method: "POST dispatches", Kind: standin.LostReply, Times: 1})
	got = w.ends(ask(incident.HookWorkflow, "cart"), 30, incident.HookDone)
	if n := len(w.github.Runs()); n != 2 || !strings.HasSuffix(got.Ref, "1002") {
		t.Errorf("started %d times, followed %s", n, got.Ref)
	}
}

// TestWorkflowAfterADeath: a process that died between the start and its note is
// followed by one that finds the run.
func TestWorkflowAfterADeath(t *testing.T) {
	for _, service := range []string{"cart", "search"} {
		w := newWorld(t)
		w.github.EndWith("success")
		h := ask(incident.HookWorkflow, service)
		var kept string
		h.Keep = func(state string) error {
			kept = state
			return nil
		}
		if _, err := w.runner.Run(t.Context(), h); err != nil { // what it returns is lost
			t.Fatal(err)
		}
		w.restart()
		h.State, h.Again = kept, true
		want := map[string]incident.HookState{"cart": incident.HookDone, "search": incident.HookUnclear}[service]
		w.ends(h, 30, want)
		if n := len(w.github.Runs()); n != 1 {
			t.Errorf("%s: started %d times", service, n)
		}
	}
}

func TestWorkflowThatGitHubRefuses(t *testing.T) {
	for _, one := range []struct {
		change func(*world)
		said   string
	}{
		{func(w *world) { w.opts.GitHub.Token = "another" }, "GitHub answered 401: Bad credentials; ROLLCALL_GITHUB_TOKEN is not valid"},
		{func(w *world) { w.opts.Hooks["cart"].Workflow.File = "other.yml" }, "GitHub answered 404: Not Found; what is asked for is not there, or ROLLCALL_GITHUB_TOKEN does not reach it"},
		{func(w *world) { w.opts.Hooks["cart"].Workflow.Ref = "master" }, "GitHub answered 422: No ref found for: master"},
		{func(w *world) { w.opts.Hooks["cart"].Workflow.Inputs[0].Name = "svc" }, `GitHub answered 422: Unexpected inputs provided: ["svc"]`},
	} {
		w := newWorld(t)
		one.change(w)
		w.restart()
		_, f := w.attempts(ask(incident.HookWorkflow, "cart"), 3)
		if f == nil || f.Fix != one.said || len(w.github.Runs()) != 0 {
			t.Errorf("said %+v, want %s", f, one.said)
		}
	}
}

func TestWorkflowThatTakesTooLong(t *testing.T) {
	w := newWorld(t)
	got := w.ends(ask(incident.HookWorkflow, "cart"), 400, incident.HookUnclear)
	if got.Reason != "the workflow has not ended after 30m0s" || got.Ref == "" {
		t.Errorf("said %q", got.Reason)
	}
	if n := w.github.Calls("GET run"); n > 250 {
		t.Errorf("looked %d times in half an hour", n)
	}
}

func TestLookStartsNothing(t *testing.T) {
	w := newWorld(t)
	flow := *w.opts.Hooks["cart"].Workflow
	if why := w.runner.Look(t.Context(), flow); why != "" {
		t.Error(why)
	}
	flow.File = "other.yml"
	if why := w.runner.Look(t.Context(), flow); !strings.HasPrefix(why, "GitHub answered 404: Not Found") {
		t.Error(why)
	}
	w.github.Add(githubfake.Workflow{Repo: "acme/shop", File: "off.yml", Off: true})
	flow.File = "off.yml"
	if why := w.runner.Look(t.Context(), flow); why != "GitHub says that the workflow is not active" {
		t.Error(why)
	}
	if len(w.github.Runs()) != 0 {
		t.Error("something was started")
	}
}
