package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
)

func TestActionDone(t *testing.T) {
	w := withActions(t, 2)
	w.Do(ana, incident.Resolve{}) // actions live on after the end
	w.MustUndo(bob, incident.FinishAction{Number: 1})
	d := w.Do(bob, incident.FinishAction{Number: 1})
	equal(t, "left", d.Say.Args["left"].(int), 1)
	equal(t, "line", w.LastLine(), "action A1 done")
	e := w.MustRefuse(ana, incident.FinishAction{Number: 1}, incident.Conflict, "action_done.already")
	equal(t, "who was first", e.Say.Args["by"].(incident.PersonID), bob)
	w.Do(ana, incident.DropAction{Number: 2, Reason: "no use"})
	refused(t, w, []refusal{
		{"no such action", incident.FinishAction{Number: 9}, incident.NotFound, "action_done.unknown"},
		{"no number", incident.FinishAction{}, incident.NotFound, "action_done.unknown"},
		{"a dropped one", incident.FinishAction{Number: 2}, incident.Conflict, "action_done.dropped"},
	})
}
