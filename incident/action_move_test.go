package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
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

func TestADateThatIsFarAwayIsExplainedAndMayStay(t *testing.T) {
	w := incidenttest.New(t) // two sprints from 4 March: 1 April
	far := incident.Civil{Year: 2026, Month: time.April, Day: 20}
	w.Do(ana, incident.AddAction{Who: bob, Due: far, Text: "rewrite the client"})
	d := w.Do(bob, incident.MoveAction{Number: 1, Due: far, Reason: "the vendor ships in April"})
	equal(t, "stays", d.Say.Args["stays"].(bool), true)
	a := w.Incident.Review.Actions[0]
	equal(t, "due", a.Due, far)
	equal(t, "moves", a.Moved(), 0)
	equal(t, "reason", a.Moves[0].Reason, "the vendor ships in April")
	equal(t, "line", w.LastLine(), "action A1 stays due 2026-04-20: the vendor ships in April")
	w.Do(bob, incident.MoveAction{Number: 1, Due: day(20), Reason: "they hurry"})
	equal(t, "moves", w.Incident.Review.Actions[0].Moved(), 1)
}
