package incident_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// tells are the direct messages of one text, each as who got it.
func tells(fired []incident.Decision, id string) []incident.PersonID {
	var who []incident.PersonID
	for _, d := range fired {
		for _, e := range d.Effects {
			if e.Kind == incident.Tell && e.Say.ID == id {
				who = append(who, e.People...)
			}
		}
	}
	return who
}

// berlin is where Bob lives in these tests.
func berlin(t *testing.T) *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// bobIn is a World in which Bob lives in a zone.
func bobIn(t *testing.T, zone *time.Location, now time.Time) *incidenttest.World {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(func(p *incident.Policy) {
		p.Executives = []incident.PersonID{cleo}
		p.ZoneOf = func(who incident.PersonID) *time.Location {
			if who == bob {
				return zone
			}
			return nil
		}
	}))
	w.Now = now
	w.Do(ana, incident.OpenIncident{Title: "Checkout is down"})
	w.Do(ana, incident.Resolve{})
	return w
}

// nudges are the moments of the reminders of A1 from now on, so many of them.
func nudges(w *incidenttest.World, n int) []string {
	var at []string
	for len(at) < n {
		due := w.Due("action.nudge")
		if w.Advance(due.Sub(w.Now)); w.Due("action.nudge").Equal(due) {
			break
		}
		at = append(at, due.Format("Mon 2006-01-02 15:04"))
	}
	return at
}

func TestNudgesInTheMorningOfTheOwner(t *testing.T) {
	for _, tt := range []struct {
		name string
		now  time.Time
		due  incident.Civil
		want []string // in UTC
	}{
		{
			"over the change to summer time on 29 March", time.Date(2026, 3, 24, 8, 0, 0, 0, time.UTC),
			incident.Civil{Year: 2026, Month: 3, Day: 30},
			[]string{"Fri 2026-03-27 08:00", "Mon 2026-03-30 07:00", "Mon 2026-04-06 07:00"},
		},
		{
			"over the change to winter time on 25 October", time.Date(2026, 10, 20, 8, 0, 0, 0, time.UTC),
			incident.Civil{Year: 2026, Month: 10, Day: 24},
			[]string{"Thu 2026-10-22 07:00", "Fri 2026-10-23 07:00", "Mon 2026-11-02 08:00"},
		},
		{
			"over the end of the year", time.Date(2026, 12, 28, 8, 0, 0, 0, time.UTC),
			incident.Civil{Year: 2027, Month: 1, Day: 1},
			[]string{"Wed 2026-12-30 08:00", "Fri 2027-01-01 08:00", "Fri 2027-01-08 08:00"},
		},
	} {
		w := bobIn(t, berlin(t), tt.now)
		w.Do(ana, incident.AddAction{Who: bob, Due: tt.due, Text: "alert on the age"})
		if got := nudges(w, 3); !slices.Equal(got, tt.want) {
			t.Errorf("%s: reminded at %v; it should be %v", tt.name, got, tt.want)
		}
	}
}

func TestNudgesAfterADowntimeAreOneAndNotAtNight(t *testing.T) {
	w := bobIn(t, berlin(t), incidenttest.Start)
	w.Do(ana, incident.AddAction{Who: bob, Due: day(9), Text: "alert on the age"})
	w.Now = time.Date(2026, 3, 17, 2, 0, 0, 0, time.UTC) // 3 in Berlin; three moments went by
	equal(t, "told at night", len(tells(w.Advance(time.Hour), "action_clocks.nudge")), 0)
	equal(t, "waits for the morning", w.Due("action.nudge"), time.Date(2026, 3, 17, 8, 0, 0, 0, time.UTC))
	fired := w.Advance(24 * time.Hour)
	if got := tells(fired, "action_clocks.nudge"); !slices.Equal(got, []incident.PersonID{bob}) {
		t.Errorf("told are %v; it should be Bob, once", got)
	}
	w.Do(bob, incident.FinishAction{Number: 1})
	equal(t, "when it is done", w.Due("action.nudge"), time.Time{})
}

func TestAfterTwoSprintsSomebodyHasToChoose(t *testing.T) {
	w := bobIn(t, time.UTC, incidenttest.Start)
	w.Do(ana, incident.AddAction{Who: bob, Due: day(18), Text: "alert on the age"})
	added := w.Now.Add(-time.Second)
	equal(t, "due", w.Due("action.choice"), added.Add(28*24*time.Hour))
	w.Do(bob, incident.MoveAction{Number: 1, Due: incident.Civil{Year: 2026, Month: 6, Day: 1}, Reason: "waits for the vendor"})
	fired := w.Advance(36 * 24 * time.Hour)
	if got := tells(fired, "action_clocks.choose"); !slices.Equal(got, []incident.PersonID{ana, cleo, ana, cleo}) {
		t.Errorf("asked are %v; it should be Ana and Cleo, twice", got)
	}
	w.Do(cleo, incident.EscalateAction{Number: 1, Who: ana, Due: incident.Civil{Year: 2026, Month: 5, Day: 1}})
	equal(t, "counts anew", w.Due("action.choice"), w.Now.Add(-time.Second).Add(28*24*time.Hour))
	w.Do(cleo, incident.DropAction{Number: 1, Reason: "other work matters more"})
	equal(t, "when it is dropped", w.Due("action.choice"), time.Time{})
}

func TestExecutivesHearNothingOfAPrivateAction(t *testing.T) {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(func(p *incident.Policy) { p.Executives = []incident.PersonID{cleo} }))
	w.Do(ana, incident.OpenIncident{Title: "Salaries are public", Private: true})
	w.Do(ana, incident.AddAction{Who: bob, Due: day(18), Text: "rotate the key"})
	fired := w.Advance(30 * 24 * time.Hour)
	if got := tells(fired, "action_clocks.choose"); !slices.Equal(got, []incident.PersonID{ana}) {
		t.Errorf("asked are %v; it should be Ana alone", got)
	}
	for _, d := range fired {
		for _, e := range d.Effects {
			if text, ok := e.Say.Args["text"]; ok && text != "" && e.Kind == incident.Tell {
				t.Errorf("%s tells %v", e.Say.ID, text)
			}
		}
	}
}

func TestOutcomesBecomeOneRevision(t *testing.T) {
	w := withActions(t, 2)
	w.Do(ana, incident.Resolve{})
	w.Do(bob, incident.FinishAction{Number: 2})
	equal(t, "before publishing", w.Due("rfo.follow"), time.Time{})
	w.Do(ana, incident.PublishRFO{})
	w.MustUndo(bob, incident.FinishAction{Number: 1})
	equal(t, "when it is undone", w.Due("rfo.follow"), time.Time{})
	w.Do(bob, incident.DropAction{Number: 1, Reason: "no use"})
	w.Advance(9 * time.Minute)
	equal(t, "revisions while it can be undone", len(w.Incident.Review.Published), 1)
	w.Advance(2 * time.Minute)
	equal(t, "revisions", len(w.Incident.Review.Published), 2)
	equal(t, "reason", w.Incident.Review.Published[1].Reason, "actions followed up")
	equal(t, "and no more", w.Due("rfo.follow"), time.Time{})
}

func TestActionAssign(t *testing.T) {
	w := withActions(t, 1)
	w.MustUndo(ana, incident.AssignAction{Number: 1, Who: cleo})
	d := w.Do(ana, incident.AssignAction{Number: 1, Who: cleo})
	equal(t, "told", d.Effects[0].People[0], cleo)
	equal(t, "line", w.LastLine(), "action A1 given to Cleo (was Bob's)")
	a, _ := w.Incident.Review.Action(1)
	equal(t, "due as before", a.Due, day(18))
	refused(t, w, []refusal{
		{"nobody", incident.AssignAction{Number: 1}, incident.Invalid, "action_assign.no_person"},
		{"the same", incident.AssignAction{Number: 1, Who: cleo}, incident.Conflict, "action_assign.same"},
		{"somebody who left", incident.AssignAction{Number: 1, Who: incidenttest.Gone}, incident.Invalid, "refuse.person.inactive"},
		{"no such action", incident.AssignAction{Number: 9, Who: bob}, incident.NotFound, "action_done.unknown"},
	})
}

func TestActionsOfOneWhoLeftNeedAnother(t *testing.T) {
	w := withActions(t, 2)
	w.Do(bob, incident.FinishAction{Number: 2})
	w.MustRefuse(ana, incident.OrphanActions{Who: bob}, incident.Forbidden, "refuse.verb")
	d := w.Do(incident.System, incident.OrphanActions{Who: bob})
	equal(t, "reported", len(d.Effects), 1)
	equal(t, "to", d.Effects[0].People[0], ana)
	incidenttest.MustOffer(t, d.Effects[0].Choices, "action assign A1 me")
	equal(t, "line", w.LastLine(), "action A1 needs another person: Bob left")
	equal(t, "reported again", len(w.Do(incident.System, incident.OrphanActions{Who: bob}).Events), 0)
	if got := tells(w.Advance(13*24*time.Hour), "action_clocks.nudge"); !slices.Equal(got, []incident.PersonID{ana}) {
		t.Errorf("reminded are %v; it should be Ana", got)
	}
	w.Do(ana, incident.AssignAction{Number: 1, Who: cleo})
	a, _ := w.Incident.Review.Action(1)
	equal(t, "somebody has it", a.Orphan, false)
}

func TestActionKindAndTracker(t *testing.T) {
	w := incidenttest.New(t)
	a := action("alert on the age")
	a.Kind, a.Tracker = incident.Detects, "https://tracker.example.org/1"
	w.Do(ana, a)
	kept, _ := w.Incident.Review.Action(1)
	equal(t, "kind", kept.Kind, incident.Detects)
	equal(t, "tracker", kept.Tracker, "https://tracker.example.org/1")
	a.Tracker = "javascript:alert(1)"
	w.MustRefuse(ana, a, incident.Invalid, "action_add.tracker")
	a.Tracker, a.Kind = "", "odd"
	w.MustRefuse(ana, a, incident.Invalid, "action_add.kind")
}
