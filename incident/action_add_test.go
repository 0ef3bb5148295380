package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// action is an action of Bob's.
func action(text string) incident.AddAction {
	return incident.AddAction{Who: bob, Due: day(18), Text: text, DoneWhen: "it fired once"}
}

// withActions is a World with so many actions of Bob's, added by Ana.
func withActions(t *testing.T, n int) *incidenttest.World {
	w := incidenttest.New(t)
	for _, text := range []string{"alert on the age", "limit the queue", "test the rollback"}[:n] {
		w.Do(ana, action(text))
	}
	return w
}

func TestActionHasOnePersonAndOneDate(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(ana, action("alert on the age"))
	equal(t, "line", w.LastLine(), "action A1 for Bob by 2026-03-18: alert on the age; done when it fired once")
	equal(t, "told", d.Effects[0].People[0], bob)
	equal(t, "beyond two sprints", d.Say.Args["late"].(bool), false)
	a, _ := w.Incident.Review.Action(1)
	equal(t, "state", a.State, incident.ActionOpen)
	w.MustUndo(ana, action("limit the queue"))
	w.Do(ana, action("limit the queue"))
	_, reused := w.Incident.Review.Action(2)
	equal(t, "A2 given again after an undo", reused, false)
}

func TestActionIsRefused(t *testing.T) {
	with := func(change func(*incident.AddAction)) incident.AddAction {
		a := action("alert on the age")
		change(&a)
		return a
	}
	refused(t, incidenttest.New(t), []refusal{
		{"nobody", with(func(a *incident.AddAction) { a.Who = incident.System }), incident.Invalid, "action_add.no_person"},
		{"unknown person", with(func(a *incident.AddAction) { a.Who = incidenttest.Nobody }), incident.NotFound, "refuse.person.unknown"},
		{"an app", with(func(a *incident.AddAction) { a.Who = incidenttest.Robot }), incident.Invalid, "refuse.person.bot"},
		{"somebody who left", with(func(a *incident.AddAction) { a.Who = incidenttest.Gone }), incident.Invalid, "refuse.person.inactive"},
		{"no date", with(func(a *incident.AddAction) { a.Due = incident.Civil{} }), incident.Invalid, "action_add.no_date"},
		{"no such date", with(func(a *incident.AddAction) { a.Due = incident.Civil{Year: 2026, Month: 2, Day: 30} }), incident.Invalid, "action_add.bad_date"},
		{"yesterday", with(func(a *incident.AddAction) { a.Due = day(3) }), incident.Invalid, "action_add.past"},
		{"no text", with(func(a *incident.AddAction) { a.Text = " " }), incident.Invalid, "action_add.empty"},
		{"long text", with(func(a *incident.AddAction) { a.Text = tooLong }), incident.Invalid, "refuse.long"},
		{"long done-when", with(func(a *incident.AddAction) { a.DoneWhen = tooLong }), incident.Invalid, "refuse.long"},
		{"replaces none", with(func(a *incident.AddAction) { a.Replace = 9 }), incident.NotFound, "action_done.unknown"},
	})
}

func TestActionBeyondTwoSprintsIsHintedNotRefused(t *testing.T) {
	w := incidenttest.New(t) // two sprints from 4 March: 1 April
	april := func(d int) incident.Civil { return incident.Civil{Year: 2026, Month: time.April, Day: d} }
	for _, test := range []struct {
		due  incident.Civil
		late bool
	}{{april(1), false}, {april(2), true}} {
		d := w.Do(ana, incident.AddAction{Who: bob, Due: test.due, Text: "x"})
		equal(t, test.due.String()+" is late", d.Say.Args["late"].(bool), test.late)
		equal(t, "limit", d.Say.Args["limit"].(incident.Civil), april(1))
	}
}

func TestActionDueTodayForTheActorOrTheTeam(t *testing.T) {
	west := time.FixedZone("west", -8*3600)
	w := incidenttest.New(t)
	w.Now = clock(2, 0).AddDate(0, 0, 1) // the 5th for the team, still the 4th for Ana
	a := w.People[ana]
	a.Zone = west
	w.People[ana] = a
	w.Do(ana, incident.AddAction{Who: bob, Due: day(4), Text: "x"})
	w.MustRefuse(bob, incident.AddAction{Who: bob, Due: day(4), Text: "x"}, incident.Invalid, "action_add.past")
}

func TestActionTheFourthAsksWhichToReplace(t *testing.T) {
	w := withActions(t, 3)
	w.Do(bob, incident.FinishAction{Number: 2})
	e := w.MustRefuse(ana, action("a fourth"), incident.Ask, "action_add.fourth")
	incidenttest.MustOffer(t, e.Choices,
		"action replace A1 <@bob> by 2026-03-18 a fourth; done when it fired once",
		"action replace A3 <@bob> by 2026-03-18 a fourth; done when it fired once")

	fourth := action("a fourth")
	fourth.Replace = 3
	d := w.Do(ana, fourth)
	equal(t, "replaced", d.Say.Args["replaced"].(string), "A3")
	equal(t, "kept", len(w.Incident.Review.Kept()), 3)
	a, _ := w.Incident.Review.Action(3)
	equal(t, "state of the replaced", a.State, incident.ActionDropped)
	equal(t, "reason", a.Reason, "replaced by A4")
	fourth.Replace = 2
	w.MustRefuse(ana, fourth, incident.Conflict, "action_done.already")
}

func TestActionTheFourthWhenAllAreDone(t *testing.T) {
	w := withActions(t, 3)
	for n := 1; n <= 3; n++ {
		w.Do(bob, incident.FinishAction{Number: n})
	}
	w.MustRefuse(ana, action("a fourth"), incident.Conflict, "action_add.all_done")
}

func TestActionsAreNeverMoreThanThreeByAnUndo(t *testing.T) {
	w := withActions(t, 3)
	w.Do(bob, incident.DropAction{Number: 1, Reason: "the tracker has it"})
	w.Do(ana, action("in its place"))
	w.MustRefuse(bob, incident.Undo{}, incident.Conflict, "undo.superseded")
	equal(t, "kept", len(w.Incident.Review.Kept()), 3)
}

func TestActionOfAPrivateIncidentIsToldWithoutItsText(t *testing.T) {
	w := incidenttest.Empty(t)
	w.Do(ana, incident.OpenIncident{Title: "Salaries are public", Private: true})
	d := w.Do(ana, action("rotate the salaries' key"))
	equal(t, "text", d.Effects[0].Say.Args["text"].(string), "")
	own := w.Do(bob, action("something of one's own"))
	equal(t, "messages about one's own", len(own.Effects), 0)
}
