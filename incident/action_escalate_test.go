package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestActionEscalateGivesItToAnother(t *testing.T) {
	w := withActions(t, 1)
	w.MustUndo(ana, incident.EscalateAction{Number: 1, Who: cleo, Due: day(25)})
	d := w.Do(ana, incident.EscalateAction{Number: 1, Who: cleo, Due: day(25)})
	a, _ := w.Incident.Review.Action(1)
	equal(t, "owner", a.Owner, cleo)
	equal(t, "due", a.Due, day(25))
	equal(t, "moved from", a.Moves[0].From, day(18))
	equal(t, "moved to the person", a.Moves[0].Owner, cleo)
	equal(t, "told", d.Effects[0].People[0], cleo)
	equal(t, "line", w.LastLine(), "action A1 escalated from Bob to Cleo, by 2026-03-25")
	refused(t, w, []refusal{
		{"nobody", incident.EscalateAction{Number: 1, Due: day(25)}, incident.Invalid, "action_escalate.no_person"},
		{"no date", incident.EscalateAction{Number: 1, Who: bob}, incident.Invalid, "action_add.no_date"},
		{"an app", incident.EscalateAction{Number: 1, Who: incidenttest.Robot, Due: day(25)}, incident.Invalid, "refuse.person.bot"},
		{"the same person", incident.EscalateAction{Number: 1, Who: cleo, Due: day(26)}, incident.Conflict, "action_escalate.same"},
		{"no such action", incident.EscalateAction{Number: 3, Who: bob, Due: day(25)}, incident.NotFound, "action_done.unknown"},
	})
}
