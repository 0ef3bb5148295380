package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestCancelEndsWithAReason(t *testing.T) {
	w := incidenttest.New(t)
	refused(t, w, []refusal{
		{"no reason", incident.Cancel{}, incident.Invalid, "cancel.no_reason"},
		{"long reason", incident.Cancel{Reason: tooLong}, incident.Invalid, "refuse.long"},
	})
	w.MustUndo(ana, incident.Cancel{Reason: "a test"})
	d := w.Do(bob, incident.Cancel{Reason: "a test"})
	equal(t, "status", w.Incident.Life.Status, incident.Cancelled)
	equal(t, "tasks left open", d.Say.Args["tasks"].(int), 3)
	equal(t, "line", w.LastLine(), "cancelled as a false alarm: a test")
	e := w.MustRefuse(ana, incident.Cancel{Reason: "again"}, incident.Conflict, "cancel.twice")
	equal(t, "who was first", e.Say.Args["by"].(incident.PersonID), bob)
	equal(t, "reason", e.Say.Args["reason"].(string), "a test")
	w.MustRefuse(ana, incident.Resolve{}, incident.Conflict, "refuse.status.cancelled")
}

func TestCancelStopsAnUpdateThatIsHeld(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.SendUpdate{Text: "we are looking"})
	d := w.Do(ana, incident.Cancel{Reason: "a test"})
	equal(t, "said", d.Say.Args["stopped"].(int), 1)
	for _, fired := range w.Advance(time.Minute) {
		for _, e := range fired.Events {
			if e.Kind() == "update.sent" {
				t.Error("the update went out")
			}
		}
	}
	equal(t, "state", w.Incident.Log.Updates[0].State, incident.UpdateStopped)
}

func TestCancelOfAResolvedOneIsPossibleOfAMergedOneNot(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Resolve{})
	w.Do(ana, incident.Cancel{Reason: "it was the monitor"})
	w.Do(ana, incident.Reopen{Reason: "no, it was not"})
	w.Do(ana, incident.Merge{Into: incident.Brief{ID: "0190-9", Number: 9, Status: incident.Open}, Confirmed: true})
	w.MustRefuse(ana, incident.Cancel{Reason: "x"}, incident.Conflict, "refuse.status.merged")
}
