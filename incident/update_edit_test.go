package incident_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestAnUpdateIsStoppedToBeEdited(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.SendUpdate{Text: "we are loking"})
	held := w.Incident.Log.Updates[0]
	d := w.Do(bob, incident.EditUpdate{Entry: held.Seq})
	equal(t, "state", w.Incident.Log.Updates[0].State, incident.UpdateStopped)
	equal(t, "answer", strings.Contains(words(t, d.Say), "we are loking"), true)
	w.MustRefuse(bob, incident.EditUpdate{Entry: held.Seq}, incident.Conflict, "update.stopped_already")
}

func TestAnotherWordingIsHeldAnew(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.SendUpdate{Text: "we are loking"})
	d := w.Do(bob, incident.EditUpdate{Entry: w.Incident.Log.Updates[0].Seq, Text: "we are looking"})
	equal(t, "former", w.Incident.Log.Updates[0].State, incident.UpdateStopped)
	equal(t, "text", w.Incident.Log.Held()[0].Text, "we are looking")
	equal(t, "held", len(w.Incident.Log.Held()), 1)
	incidenttest.MustOffer(t, d.Choices, "update send E7", "update edit E7", "update stop E7")
	w.MustRefuse(ana, incident.EditUpdate{Entry: 99, Text: "x"}, incident.NotFound, "update.unknown")
}
