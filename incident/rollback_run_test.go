package incident_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func withHooks(p *incident.Policy) {
	p.Services = []incident.ServicePolicy{
		{Name: "checkout", Related: []string{"cart"}, Hook: incident.HookWebhook}, {Name: "cart", Hook: incident.HookCommand}, {Name: "search"},
	}
	p.Hooks = incident.HookPolicy{By: []incident.PersonID{ana, guest}, Named: []string{"dora@example.org"}}
}

// button is the press of the one button of a decision.
func button(t *testing.T, service string, choices []incident.Choice) incident.RunHook {
	t.Helper()
	if len(choices) != 1 || choices[0].Bound == nil || choices[0].Sure.ID == "" {
		t.Fatalf("offered is %+v", choices)
	}
	return incident.RunHook{Service: service, Bound: *choices[0].Bound}
}

func TestRollbackHookRunsOnce(t *testing.T) {
	w := incidenttest.New(t, incidenttest.WithPolicy(withHooks))
	d := w.Do(ana, incident.RollBack{Service: "checkout"})
	equal(t, "offer", words(t, d.Say), "You are rolling `checkout` back; say `rollback checkout done` or `rollback checkout failed`. Related and on the board now: cart. 0 of 2 rolled back or cleared. Rollcall can do it, by a webhook: press *Run rollback* within 10 minutes. Only you can.")
	run := button(t, "checkout", d.Choices)
	equal(t, "asked first", words(t, d.Choices[0].Sure), "INC-7: roll checkout back now, by a webhook? This cannot be taken back.")
	w.Do(ana, incident.RollBack{Service: "cart"})

	d = w.Do(ana, run)
	equal(t, "line", w.LastLine(), "started the rollback hook of checkout (webhook)")
	equal(t, "steps", len(d.Effects), 2)
	equal(t, "step", d.Effects[1].Kind, incident.HookCall)
	equal(t, "class", d.Effects[1].Kind.Class(), incident.Idempotent)
	equal(t, "undo", d.UndoHint().ID, "instead.rollback_run")
	w.MustRefuse(ana, run, incident.Conflict, "rollback_run.running")
	w.MustRefuse(ana, incident.RollBack{Service: "checkout"}, incident.Conflict, "rollback_run.running")

	w.Now = w.Now.Add(95 * time.Second)
	d = w.Do(incident.System, incident.EndHook{Number: 1, State: incident.HookDone})
	equal(t, "said", words(t, d.Say), "`checkout` is *rolled back* by a webhook, 98 s after @Ana started it. 1 of 2 rolled back or cleared.")
	equal(t, "line", w.LastLine(), "checkout is rolled back")
	s, _ := w.Incident.Board.Service("checkout")
	equal(t, "board", s.State, incident.RolledBack)
	equal(t, "owner", s.Owner, ana)
	w.MustRefuse(ana, run, incident.Conflict, "rollback_run.used")
	w.MustRefuse(incident.System, incident.EndHook{Number: 1, State: incident.HookFailed}, incident.Conflict, "rollback_ended.settled")

	e := w.MustRefuse(ana, incident.RollBack{Service: "checkout"}, incident.Ask, "rollback.again")
	incidenttest.MustOffer(t, e.Choices, "rollback checkout")
	again := button(t, "checkout", w.Do(ana, incident.RollBack{Service: "checkout", Confirmed: true}).Choices)
	equal(t, "second run", again.Bound.Nth, 2)
	w.Do(ana, again)
}

func TestRollbackHookIsForWhomTheOperatorNames(t *testing.T) {
	w := incidenttest.New(t, incidenttest.WithPolicy(withHooks))
	d := w.Do(bob, incident.RollBack{Service: "checkout"})
	equal(t, "no button", len(d.Choices), 0)
	if text := words(t, d.Say); !strings.HasSuffix(text, "Rollcall could do it by itself, for @Ana, @Guest, dora@example.org: ask one of them to type the same.") {
		t.Errorf("said %q", text)
	}
	s, _ := w.Incident.Board.Service("checkout")
	equal(t, "board", s.State, incident.RollingNow)
	w.MustRefuse(bob, incident.RunHook{Service: "checkout", Bound: incident.Bound{For: bob, Until: w.Now.Add(time.Hour), Nth: 1}}, incident.Forbidden, "rollback_run.whom")
	w.MustRefuse(guest, incident.RunHook{Service: "checkout", Bound: incident.Bound{For: guest, Until: w.Now.Add(time.Hour), Nth: 1}}, incident.Forbidden, "refuse.guest")
	equal(t, "nothing to offer", len(w.Do(ana, incident.RollBack{Service: "search", Confirmed: true}).Choices), 0)
}

func TestRollbackHooksButtonIsBound(t *testing.T) {
	w := incidenttest.New(t, incidenttest.WithPolicy(func(p *incident.Policy) { withHooks(p); p.Hooks.By = append(p.Hooks.By, bob) }))
	run := button(t, "checkout", w.Do(ana, incident.RollBack{Service: "checkout"}).Choices)
	e := w.MustRefuse(bob, run, incident.Forbidden, "rollback_run.other")
	equal(t, "whose", e.Say.Args["who"], any(ana))

	// The answer may be gone: the same command offers the button again.
	run = button(t, "checkout", w.MustRefuse(ana, incident.RollBack{Service: "checkout"}, incident.Conflict, "rollback.twice").Choices)
	w.Now = w.Now.Add(10*time.Minute + time.Second)
	w.MustRefuse(ana, run, incident.Conflict, "rollback_run.expired")

	run = button(t, "checkout", w.MustRefuse(ana, incident.RollBack{Service: "checkout"}, incident.Conflict, "rollback.twice").Choices)
	w.Do(bob, incident.RollBack{Service: "checkout", Result: "done"})
	w.MustRefuse(ana, run, incident.Conflict, "rollback_run.moved")
	run.Service = "search"
	w.MustRefuse(ana, run, incident.Conflict, "rollback_run.none")
}

func TestRollbackHookNeverRunsInADrill(t *testing.T) {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(withHooks))
	w.Do(ana, incident.OpenIncident{Title: "practice", Drill: true})
	d := w.Do(ana, incident.RollBack{Service: "checkout"})
	equal(t, "no button", len(d.Choices), 0)
	if text := words(t, d.Say); !strings.HasSuffix(text, "A drill runs no rollback hook: say how it went by hand.") {
		t.Errorf("said %q", text)
	}
	w.MustRefuse(ana, incident.RunHook{Service: "checkout", Bound: incident.Bound{For: ana, Until: w.Now.Add(time.Hour), Nth: 1}}, incident.Conflict, "rollback_run.drill")
}

func TestHowARollbackHookEnds(t *testing.T) {
	for _, one := range []struct {
		end   incident.EndHook
		state incident.ServiceState
		line  string
		said  string
	}{
		{
			incident.EndHook{Number: 1, State: incident.HookFailed, Reason: "exit status 3"},
			incident.RollFailed,
			"the rollback hook of cart failed after 1 min 36 s: exit status 3",
			"Rolling `cart` back *failed* after 96 s, by a command on Rollcall's machine; `rollback cart` tries again. (exit status 3)",
		},
		{
			incident.EndHook{Number: 1, State: incident.HookUnclear, Reason: "Rollcall ended while it ran"},
			incident.RollingNow,
			"the rollback hook of cart ended after 1 min 36 s, and nobody can tell whether it ran: Rollcall ended while it ran",
			"*Nobody can tell whether `cart` was rolled back* by a command on Rollcall's machine. It was not repeated. Look first; then say `rollback cart done`, or `rollback cart` to run it again. (Rollcall ended while it ran)",
		},
		{
			incident.EndHook{Number: 1, State: incident.HookAccepted},
			incident.RollingNow,
			"the rollback hook of cart was accepted after 1 min 36 s; it does not say when it is done",
			"The webhook took the order to roll `cart` back and does not say when it is done: look, then say `rollback cart done` or `rollback cart failed`.",
		},
	} {
		w := incidenttest.New(t, incidenttest.WithPolicy(withHooks))
		w.Do(ana, button(t, "cart", w.Do(ana, incident.RollBack{Service: "cart"}).Choices))
		w.Now = w.Now.Add(95 * time.Second)
		d := w.Do(incident.System, one.end)
		equal(t, "line", d.Events[0].Line(incidenttest.Names{}), one.line)
		equal(t, "said", words(t, d.Say), one.said)
		s, _ := w.Incident.Board.Service("cart")
		equal(t, "board", s.State, one.state)
		equal(t, "buttons, with which Slack would keep a name", len(d.Effects[0].Choices), 0)
	}
}

// TestWhoeverLookedKnowsBetter: a person who says how it went is not corrected by
// the hook's own word.
func TestWhoeverLookedKnowsBetter(t *testing.T) {
	w := incidenttest.New(t, incidenttest.WithPolicy(withHooks))
	w.Do(ana, button(t, "cart", w.Do(ana, incident.RollBack{Service: "cart"}).Choices))
	w.Do(bob, incident.RollBack{Service: "cart", Result: "failed", Reason: "still the old version"})
	w.Do(incident.System, incident.EndHook{Number: 1, State: incident.HookDone})
	s, _ := w.Incident.Board.Service("cart")
	equal(t, "board", s.State, incident.RollFailed)
	equal(t, "line", w.LastLine(), "the rollback hook of cart is done after 2 s")
}
