package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestTaskDone(t *testing.T) {
	w := incidenttest.New(t)
	at := w.Now
	d := w.Do(bob, incident.FinishTask{Number: 2})
	task, _ := w.Incident.Board.Task(2)
	equal(t, "state", task.State, incident.TaskDone)
	equal(t, "by", task.ClosedBy, bob)
	equal(t, "at", task.ClosedAt, at)
	equal(t, "line", w.LastLine(), "task T2 done")
	equal(t, "answer", words(t, d.Say), "Task T2 is *done*: Roll back every related service\n2 are still open.")

	e := w.MustRefuse(ana, incident.FinishTask{Number: 2}, incident.Conflict, "task_done.already")
	equal(t, "says who was first", e.Say.Args["by"], any(bob))
	equal(t, "says when", e.Say.Args["at"], any(at))
	w.Do(ana, incident.DropTask{Number: 1, Reason: "known"})
	w.MustRefuse(ana, incident.FinishTask{Number: 1}, incident.Conflict, "task_done.dropped")
	w.MustRefuse(ana, incident.FinishTask{Number: 0}, incident.NotFound, "task_done.unknown")
	w.MustUndo(ana, incident.FinishTask{Number: 3})
	w.Do(ana, incident.Resolve{})
	d = w.Do(ana, incident.FinishTask{Number: 3}) // clean-up
	equal(t, "left", d.Say.Args["left"], any(0))
}
