package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestTaskConfirm(t *testing.T) {
	w := incidenttest.Led(t)
	w.MustRefuse(bob, incident.ConfirmTasks{}, incident.Forbidden, "task_confirm.not_leader")
	w.MustUndo(ana, incident.ConfirmTasks{})
	at := w.Now
	d := w.Do(ana, incident.ConfirmTasks{})
	equal(t, "confirmed", w.Incident.Board.Confirmed, true)
	p, _ := w.Incident.Stamps.Last(incident.TasksConfirmed)
	equal(t, "stamp", p.At, at)
	equal(t, "answer", words(t, d.Say), "The list of tasks is confirmed, 3 open. Nobody has T1, T2, T3 yet: `task assign T1 @user`.")
	equal(t, "line", w.LastLine(), "confirmed the list of tasks")
	e := w.MustRefuse(ana, incident.ConfirmTasks{}, incident.Conflict, "task_confirm.twice")
	equal(t, "says when", e.Say.Args["at"], any(at))
}

func TestTaskConfirmWithoutALeaderOrTasks(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(bob, incident.ConfirmTasks{})
	equal(t, "hints that nobody leads", d.Say.Args["leaderless"], any(true))
	w = incidenttest.New(t, incidenttest.WithPolicy(func(p *incident.Policy) { p.DefaultTasks = nil }))
	w.MustRefuse(bob, incident.ConfirmTasks{}, incident.Conflict, "task_confirm.none")
}
