package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestWhoCannotBeInvitedIsNamedOnce(t *testing.T) {
	w := incidenttest.New(t)
	refused := incident.RefuseInvitations{Who: []incident.PersonID{bob, guest, bob}, Reason: "user_is_restricted"}
	d := w.Do(incident.System, refused)
	equal(t, "posts", len(d.Effects), 1)
	equal(t, "named", len(d.Effects[0].Say.Args["people"].([]incident.Args)), 2)
	equal(t, "line", w.LastLine(), "could not be brought into the channel: Bob, Guest (user_is_restricted)")
	w.MustRefuse(incident.System, refused, incident.Conflict, "invite_refused.told")
	w.MustRefuse(ana, refused, incident.Forbidden, "refuse.verb")
	refused.Who = append(refused.Who, cleo)
	equal(t, "named later", len(w.Do(incident.System, refused).Effects[0].Say.Args["people"].([]incident.Args)), 1)
}

func TestAnIncidentOpenedFromAMessageBeginsWithIt(t *testing.T) {
	w := incidenttest.Empty(t)
	message := incident.PinMessage{Message: "C1:1", Author: bob, Text: "the cart is empty", At: clock(13, 55)}
	w.Do(ana, incident.OpenIncident{Title: "The cart is empty", From: &message})
	equal(t, "on the timeline", w.Lines()[0], "@Bob wrote: the cart is empty")
	if _, there := w.Incident.Log.Pins["C1:1"]; !there {
		t.Error("the message is not pinned, so that its edits are not followed")
	}
	message.Text = " "
	other := incidenttest.Empty(t)
	other.MustRefuse(ana, incident.OpenIncident{Title: "The cart is empty", From: &message}, incident.Invalid, "pin.empty")
}
