package incident_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// leftIDs are the texts that a resolve lists as still open.
func leftIDs(d incident.Decision) []string {
	var ids []string
	for _, one := range d.Say.Args["left"].([]incident.Args) {
		ids = append(ids, one["what"].(incident.Say).ID)
	}
	return ids
}

func TestResolveListsWhatIsLeftAndIsNotKeptByIt(t *testing.T) {
	w := incidenttest.Empty(t)
	w.Do(ana, incident.OpenIncident{Title: "Checkout is down", Services: []string{"checkout-api"}})
	d := w.Do(ana, incident.Resolve{Text: "over"})
	equal(t, "status", w.Incident.Life.Status, incident.Resolved)
	want := []string{
		"left.tasks", "left.services", "left.repair_unknown", "left.mitigated", "left.detected", "left.first_error", "left.impact", "left.actions",
	}
	if got := leftIDs(d); !slices.Equal(got, want) {
		t.Errorf("left open are %v; it should be %v", got, want)
	}
	tasks := d.Say.Args["left"].([]incident.Args)[0]["what"].(incident.Say)
	equal(t, "number of tasks", tasks.Args["n"].(int), 3)
	equal(t, "tasks", tasks.Args["list"].(string), "T1, T2, T3")
}

func TestResolveOfAFullyDocumentedIncidentLeavesNothing(t *testing.T) {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(func(p *incident.Policy) { p.DefaultTasks = nil }))
	for _, c := range []incident.Command{
		incident.OpenIncident{Title: "Checkout is down"},
		incident.SetDetected{Source: "alert", At: clock(14, 0)},
		incident.SetFirstError{At: clock(13, 59)},
		incident.SetImpact{HasNumber: true, Low: 5, High: 5, Unit: "users"},
		incident.Mitigate{},
		incident.RepairData{State: incident.RepairNone},
		incident.AddAction{Who: bob, Due: day(10), Text: "alert on the queue's age", DoneWhen: "it fired once"},
	} {
		w.Do(ana, c)
	}
	if left := leftIDs(w.Do(ana, incident.Resolve{})); len(left) > 0 {
		t.Errorf("left open are %v; it should be nothing", left)
	}
}

func TestResolveNamesWhoWritesTheRFO(t *testing.T) {
	for _, test := range []struct {
		name  string
		setup []incident.Command
		want  incident.PersonID
	}{
		{"nobody leads: the opener", nil, ana},
		{"the leader", []incident.Command{incident.Lead{Who: bob, Confirmed: true}}, bob},
		{"whoever was named", []incident.Command{incident.Lead{Who: bob, Confirmed: true}, incident.OwnRFO{Who: cleo}}, cleo},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := incidenttest.New(t)
			for _, c := range test.setup {
				w.Do(bob, c)
			}
			now := w.Now
			d := w.Do(ana, incident.Resolve{})
			equal(t, "owner", w.Incident.Review.Owner, test.want)
			equal(t, "messages", len(d.Effects), 1)
			equal(t, "kind", d.Effects[0].Kind, incident.Tell)
			equal(t, "told", d.Effects[0].People[0], test.want)
			equal(t, "due", d.Effects[0].Say.Args["due"], any(now.AddDate(0, 0, 5)))
		})
	}
}

func TestResolveTellsNothingOfAPrivateIncidentButItsKey(t *testing.T) {
	w := incidenttest.Empty(t)
	w.Do(ana, incident.OpenIncident{Title: "Salaries are public", Private: true})
	d := w.Do(ana, incident.Resolve{})
	equal(t, "title", d.Effects[0].Say.Args["title"].(string), "")
	equal(t, "details", len(d.Effects[0].Say.Args["left"].([]incident.Args)), 0)
}

// TestTheOwnerIsToldWhatTheRFOStillNeeds counts and names it, with the button to the form.
func TestTheOwnerIsToldWhatTheRFOStillNeeds(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.AnswerQuestion{Question: "cause", Text: "no limit"})
	w.Do(ana, incident.AnswerQuestion{Question: "class", Text: "a gate"})
	w.Do(ana, incident.AddAction{Who: bob, Due: day(10), Text: "alert on the queue's age", DoneWhen: "it fired once"})
	w.Do(incident.System, incident.OrphanActions{Who: bob})
	d := w.Do(ana, incident.Resolve{})
	tell := d.Effects[0]
	text := words(t, tell.Say)
	for _, want := range []string{
		"A draft is there", "It still needs:", "4 of the six answers: summary, impact, detection, speed", "who found it first", "how many users were hit",
		"somebody for A1, whose person has left", "And to clean up:", "T1, T2, T3",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
	incidenttest.MustOffer(t, tell.Choices, "rfo answer")
	if strings.Contains(text, "one to three actions") {
		t.Errorf("an action is there, and is asked for:\n%s", text)
	}
	w = incidenttest.New(t)
	for _, q := range incident.Questions {
		w.Do(ana, incident.AnswerQuestion{Question: q.Name, Text: "so"})
	}
	incidenttest.MustOffer(t, w.Do(ana, incident.Resolve{}).Effects[0].Choices)
}

func TestResolveTwiceIsAnsweredWithTheFirst(t *testing.T) {
	w := incidenttest.New(t)
	w.MustUndo(bob, incident.Resolve{Text: "over"})
	w.Do(bob, incident.Resolve{})
	e := w.MustRefuse(ana, incident.Resolve{}, incident.Conflict, "resolve.twice")
	equal(t, "who was first", e.Say.Args["by"].(incident.PersonID), bob)
	w.MustRefuse(ana, incident.Resolve{Text: tooLong}, incident.Invalid, "refuse.long")
}

func TestResolveAsksForTheTimeOfTheLastMitigationOnly(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Mitigate{})
	w.Do(ana, incident.Reopen{Reason: "it is back"})
	d := w.Do(ana, incident.Resolve{})
	equal(t, "mitigation is asked for", slices.Contains(leftIDs(d), "left.mitigated"), true)
}
