package incident_test

import (
	"slices"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestJoinInvitesTheActor(t *testing.T) {
	w := incidenttest.New(t)
	lines := len(w.Lines())
	d := w.Do(cleo, incident.Join{})
	equal(t, "effect", d.Effects[0].Kind, incident.Invite)
	equal(t, "invited", slices.Equal(d.Effects[0].People, []incident.PersonID{cleo}), true)
	equal(t, "answer", words(t, d.Say), "You are being added to #inc-7-checkout-is-down (INC-7).")
	equal(t, "timeline", len(w.Lines()), lines)
	w.Do(ana, incident.Resolve{})
	w.Do(bob, incident.Join{}) // to read up later
	w.MustRefuse(bob, incident.Undo{}, incident.Conflict, "undo.permanent")
	w.MustRefuse(incident.System, incident.Join{}, incident.Forbidden, "refuse.verb")
}
