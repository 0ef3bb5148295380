package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
)

func TestActionMoveKeepsTheFormerDate(t *testing.T) {
	w := withActions(t, 1)
	w.MustUndo(bob, incident.MoveAction{Number: 1, Due: day(20), Reason: "waits for the vendor"})
	w.Do(bob, incident.MoveAction{Number: 1, Due: day(20), Reason: "waits for the vendor"})
	a, _ := w.Incident.Review.Action(1)
	equal(t, "due", a.Due, day(20))
	equal(t, "moves", len(a.Moves), 1)
	equal(t, "former date", a.Moves[0].From, day(18))
	equal(t, "owner", a.Moves[0].Owner, bob)
	equal(t, "line", w.LastLine(), "action A1 moved from 2026-03-18 to 2026-03-20: waits for the vendor")
	refused(t, w, []refusal{
		{"no reason", incident.MoveAction{Number: 1, Due: day(21)}, incident.Invalid, "action_move.no_reason"},
		{"long reason", incident.MoveAction{Number: 1, Due: day(21), Reason: tooLong}, incident.Invalid, "refuse.long"},
		{"no date", incident.MoveAction{Number: 1, Reason: "x"}, incident.Invalid, "action_add.no_date"},
		{"a past date", incident.MoveAction{Number: 1, Due: day(1), Reason: "x"}, incident.Invalid, "action_add.past"},
		{"the same date", incident.MoveAction{Number: 1, Due: day(20), Reason: "x"}, incident.Conflict, "action_move.same"},
		{"no such action", incident.MoveAction{Number: 2, Due: day(20), Reason: "x"}, incident.NotFound, "action_done.unknown"},
	})
	w.Do(bob, incident.FinishAction{Number: 1})
	w.MustRefuse(bob, incident.MoveAction{Number: 1, Due: day(21), Reason: "x"}, incident.Conflict, "action_done.already")
}
