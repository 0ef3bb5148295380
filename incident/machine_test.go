package incident_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestAProgramOpensAndNobodyIsAskedInItsPlace(t *testing.T) {
	w := incidenttest.Empty(t)
	d := w.Do(incidenttest.Program, incident.OpenIncident{Title: "Checkout is down"})
	if slices.ContainsFunc(d.Effects, func(e incident.Effect) bool { return e.Kind == incident.Invite }) {
		t.Error("a program is invited")
	}
	equal(t, "opener", w.Incident.Identity.Opener, incident.System)
	w.Now = w.Now.Add(time.Hour)
	for _, due := range incident.Dues(w.Incident, incidenttest.Policy()) {
		if due.Kind == "leader.nominate" {
			t.Error("a program is asked to lead")
		}
	}
}

func TestWhatIsAPersonsOwnIsNoPrograms(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.AddTask{Text: "look at the queue"})
	for _, c := range []incident.Command{
		incident.Lead{Who: incidenttest.Program}, incident.Acknowledge{}, incident.Join{}, incident.JoinTask{Number: 1},
	} {
		w.MustRefuse(incidenttest.Program, c, incident.Invalid, "refuse.machine")
	}
	w.Do(incidenttest.Program, incident.AddNote{Text: "rolled back"})
	w.Do(incidenttest.Program, incident.Lead{Who: bob})
}
