package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestTaskAdd(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(ana, incident.AddTask{Text: "look at the queue", Owner: bob})
	task, _ := w.Incident.Board.Task(4)
	equal(t, "owner", task.Owner, bob)
	equal(t, "line", w.LastLine(), "task T4 for Bob: look at the queue")
	equal(t, "answer", words(t, d.Say), "Task *T4* added for @Bob: look at the queue")
	_, owned := w.Incident.Stamps.Last(incident.TaskOwned)
	equal(t, "first owner is stamped", owned, true)

	d = w.Do(ana, incident.AddTask{Text: "ask <@cleo> about the index", Owner: bob})
	equal(t, "busy", d.Say.Args["busy"], any("T4"))
	equal(t, "line", w.LastLine(), "task T5 for Bob: ask @Cleo about the index")
	w.MustUndo(bob, incident.AddTask{Text: "phone the provider"})
	w.Do(bob, incident.AddTask{Text: "phone the provider"})
	_, again := w.Incident.Board.Task(6)
	equal(t, "a number is never given twice", again, false)
}

func TestTaskAddRefusals(t *testing.T) {
	w := incidenttest.New(t)
	refused(t, w, []refusal{
		{"no text", incident.AddTask{Text: " \n"}, incident.Invalid, "task_add.empty"},
		{"too long", incident.AddTask{Text: tooLong}, incident.Invalid, "refuse.long"},
		{"for an app", incident.AddTask{Text: "x", Owner: incidenttest.Robot}, incident.Invalid, "refuse.person.bot"},
		{"for somebody who left", incident.AddTask{Text: "x", Owner: incidenttest.Gone}, incident.Invalid, "refuse.person.inactive"},
		{"instead of none", incident.AddTask{Text: "x", Replace: 9}, incident.NotFound, "task_done.unknown"},
	})
	w.Do(ana, incident.Resolve{})
	w.MustRefuse(ana, incident.AddTask{Text: "x"}, incident.Conflict, "refuse.status.resolved")
}

func TestTaskAddReplaces(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.AddTask{Text: "look at the queue", Owner: bob})
	d := w.Do(ana, incident.AddTask{Text: "look at the queue of EU", Owner: bob, Replace: 4})
	former, _ := w.Incident.Board.Task(4)
	equal(t, "former", former.State, incident.TaskDropped)
	equal(t, "reason", former.Reason, "replaced by T5")
	equal(t, "not busy with what it replaces", d.Say.Args["busy"], any(""))
	w.MustUndo(ana, incident.AddTask{Text: "wait", Replace: 5})
}
