package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestTaskAssign(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(ana, incident.AssignTask{Number: 1, Who: bob})
	first, ok := w.Incident.Stamps.Last(incident.TaskOwned)
	equal(t, "first owner is stamped", ok, true)
	equal(t, "line", w.LastLine(), "task T1 goes to Bob")
	equal(t, "effect", d.Effects[0].Kind, incident.Tell)
	equal(t, "Bob reads", words(t, d.Effects[0].Say),
		"Task T1 of INC-7 is yours, given by @Ana: Find the surface of the bleeding\n`task done T1` when it is done.")

	w.Do(bob, incident.AssignTask{Number: 2, Who: bob})
	d = w.Do(bob, incident.AssignTask{Number: 3, Who: bob})
	equal(t, "busy", d.Say.Args["busy"], any("T1"))
	equal(t, "who takes a task is told nothing", len(d.Effects), 0)
	w.Do(cleo, incident.JoinTask{Number: 1})
	w.Do(ana, incident.AssignTask{Number: 1, Who: cleo})
	equal(t, "line", w.LastLine(), "task T1 goes to Cleo, from Bob")
	task, _ := w.Incident.Board.Task(1)
	equal(t, "nobody joins their own", len(task.Joined), 0)
	p, _ := w.Incident.Stamps.Last(incident.TaskOwned)
	equal(t, "stamped once", p, first)
	w.MustUndo(ana, incident.AssignTask{Number: 1, Who: bob})
}

func TestTaskAssignRefusals(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.AssignTask{Number: 1, Who: bob})
	w.Do(ana, incident.FinishTask{Number: 2})
	refused(t, w, []refusal{
		{"whose it is", incident.AssignTask{Number: 1, Who: bob}, incident.Conflict, "task_assign.same"},
		{"to nobody", incident.AssignTask{Number: 1}, incident.Invalid, "task_assign.nobody"},
		{"to an app", incident.AssignTask{Number: 1, Who: incidenttest.Robot}, incident.Invalid, "refuse.person.bot"},
		{"done", incident.AssignTask{Number: 2, Who: bob}, incident.Conflict, "task_done.already"},
		{"unknown", incident.AssignTask{Number: 7, Who: bob}, incident.NotFound, "task_done.unknown"},
	})
}

func TestTaskAssignOfAPrivateIncidentSaysNoText(t *testing.T) {
	w := incidenttest.Empty(t)
	w.Do(ana, incident.OpenIncident{Title: "Payroll", Private: true})
	d := w.Do(ana, incident.AssignTask{Number: 1, Who: bob})
	equal(t, "Bob reads", words(t, d.Effects[0].Say), "Task T1 of INC-7 is yours, given by @Ana.\n`task done T1` when it is done.")
}
