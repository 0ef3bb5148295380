package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestRFOOwner(t *testing.T) {
	w := incidenttest.New(t)
	w.MustUndo(ana, incident.OwnRFO{Who: bob})
	d := w.Do(ana, incident.OwnRFO{Who: bob})
	equal(t, "owner", w.Incident.Review.Owner, bob)
	equal(t, "told", d.Effects[0].People[0], bob)
	equal(t, "line", w.LastLine(), "Bob writes the RFO")
	equal(t, "messages to oneself", len(w.Do(cleo, incident.OwnRFO{Who: cleo}).Effects), 0)
	refused(t, w, []refusal{
		{"nobody", incident.OwnRFO{}, incident.Invalid, "rfo_owner.no_person"},
		{"unknown", incident.OwnRFO{Who: incidenttest.Nobody}, incident.NotFound, "refuse.person.unknown"},
		{"an app", incident.OwnRFO{Who: incidenttest.Robot}, incident.Invalid, "refuse.person.bot"},
		{"the same", incident.OwnRFO{Who: cleo}, incident.Conflict, "rfo_owner.same"},
	})
}

func TestRFOOwnerTakesASkippedOneUp(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Resolve{})
	w.Do(ana, incident.SkipRFO{Reason: "a test shop"})
	d := w.Do(ana, incident.OwnRFO{Who: ana}) // who owned it already
	equal(t, "said", d.Say.Args["skipped"].(bool), true)
	equal(t, "skipped", w.Incident.Review.Skipped == nil, true)
}
