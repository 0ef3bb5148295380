package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
)

func TestActionDropMakesRoomAndKeepsTheReason(t *testing.T) {
	w := withActions(t, 3)
	refused(t, w, []refusal{
		{"no reason", incident.DropAction{Number: 1}, incident.Invalid, "action_drop.no_reason"},
		{"long reason", incident.DropAction{Number: 1, Reason: tooLong}, incident.Invalid, "refuse.long"},
		{"no such action", incident.DropAction{Number: 7, Reason: "x"}, incident.NotFound, "action_done.unknown"},
	})
	w.MustUndo(bob, incident.DropAction{Number: 1, Reason: "no use"})
	w.Do(bob, incident.DropAction{Number: 1, Reason: "no use"})
	equal(t, "kept", len(w.Incident.Review.Kept()), 2)
	a, _ := w.Incident.Review.Action(1)
	equal(t, "reason", a.Reason, "no use")
	equal(t, "line", w.LastLine(), "action A1 dropped: no use")
	w.MustRefuse(ana, incident.DropAction{Number: 1, Reason: "x"}, incident.Conflict, "action_done.dropped")
	w.Do(ana, action("in its place"))
}
