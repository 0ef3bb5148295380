package incident_test

import (
	"slices"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestInvite(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(ana, incident.InvitePeople{Who: []incident.PersonID{bob, cleo, bob}})
	equal(t, "each once", slices.Equal(d.Effects[0].People, []incident.PersonID{bob, cleo}), true)
	equal(t, "line", w.LastLine(), "invited Bob, Cleo")
	equal(t, "answer", words(t, d.Say), "@Bob, @Cleo are being added to #inc-7-checkout-is-down (INC-7).")
	w.MustRefuse(ana, incident.Undo{}, incident.Conflict, "undo.permanent")
	refused(t, w, []refusal{
		{"nobody", incident.InvitePeople{}, incident.Invalid, "invite.nobody"},
		{"one of them unknown", incident.InvitePeople{Who: []incident.PersonID{bob, incidenttest.Nobody}}, incident.NotFound, "refuse.person.unknown"},
		{"an app", incident.InvitePeople{Who: []incident.PersonID{incidenttest.Robot}}, incident.Invalid, "refuse.person.bot"},
	})
}
