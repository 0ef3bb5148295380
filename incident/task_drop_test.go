package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestTaskDrop(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(bob, incident.DropTask{Number: 2, Reason: "nothing was <@cleo>'s"})
	task, _ := w.Incident.Board.Task(2)
	equal(t, "state", task.State, incident.TaskDropped)
	equal(t, "line", w.LastLine(), "task T2 dropped: nothing was @Cleo's")
	equal(t, "left", d.Say.Args["left"], any(2))
	w.MustUndo(bob, incident.DropTask{Number: 3, Reason: "not ours"})
	refused(t, w, []refusal{
		{"without a reason", incident.DropTask{Number: 1}, incident.Invalid, "task_drop.no_reason"},
		{"with a reason too long", incident.DropTask{Number: 1, Reason: tooLong}, incident.Invalid, "refuse.long"},
		{"twice", incident.DropTask{Number: 2, Reason: "x"}, incident.Conflict, "task_done.dropped"},
		{"unknown", incident.DropTask{Number: 12, Reason: "x"}, incident.NotFound, "task_done.unknown"},
	})
}
