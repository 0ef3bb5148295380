package incident_test

import (
	"slices"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestTaskJoin(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.JoinTask{Number: 1}) // nobody had it
	task, _ := w.Incident.Board.Task(1)
	equal(t, "owner", task.Owner, ana)
	w.Do(bob, incident.JoinTask{Number: 1})
	task, _ = w.Incident.Board.Task(1)
	equal(t, "owner stays", task.Owner, ana)
	equal(t, "joined", slices.Equal(task.Joined, []incident.PersonID{bob}), true)
	equal(t, "line", w.LastLine(), "joins task T1")
	w.MustRefuse(bob, incident.JoinTask{Number: 1}, incident.Conflict, "task_join.twice")
	w.MustRefuse(incident.System, incident.JoinTask{Number: 1}, incident.Forbidden, "refuse.verb")
	w.MustUndo(cleo, incident.JoinTask{Number: 1})
	w.Do(ana, incident.FinishTask{Number: 2})
	refused(t, w, []refusal{
		{"one's own", incident.JoinTask{Number: 1}, incident.Conflict, "task_join.yours"},
		{"done", incident.JoinTask{Number: 2}, incident.Conflict, "task_done.already"},
		{"unknown", incident.JoinTask{Number: 9}, incident.NotFound, "task_done.unknown"},
	})
}
