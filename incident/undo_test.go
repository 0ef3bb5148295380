package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestUndo(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(*incidenttest.World)
		id   string // of the refusal of Bob's undo; "" when it works
	}{
		{"one's latest", func(w *incidenttest.World) {
			w.Do(bob, incident.AddNote{Text: "x"})
			w.Do(ana, incident.AddNote{Text: "y"})
		}, ""},
		{"nothing done", func(*incidenttest.World) {}, "undo.nothing"},
		{"what another did", func(w *incidenttest.World) { w.Do(ana, incident.AddNote{Text: "y"}) }, "undo.nothing"},
		{"within ten minutes", func(w *incidenttest.World) {
			w.Do(bob, incident.AddNote{Text: "x"})
			w.Now = w.Now.Add(10*time.Minute - w.Step)
		}, ""},
		{"after ten minutes", func(w *incidenttest.World) {
			w.Do(bob, incident.AddNote{Text: "x"})
			w.Now = w.Now.Add(10 * time.Minute)
		}, "undo.nothing"},
		{"what another changed since", func(w *incidenttest.World) {
			w.Do(bob, incident.AssignTask{Number: 1, Who: bob})
			w.Do(ana, incident.FinishTask{Number: 1})
		}, "undo.superseded"},
		{"what another changed and took back", func(w *incidenttest.World) {
			w.Do(bob, incident.AssignTask{Number: 1, Who: bob})
			w.Do(ana, incident.FinishTask{Number: 1})
			w.Do(ana, incident.Undo{})
		}, ""},
		{"what cannot be", func(w *incidenttest.World) { w.Do(bob, incident.Join{}) }, "undo.permanent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := incidenttest.New(t)
			tt.do(w)
			if tt.id == "" {
				w.Do(bob, incident.Undo{})
				return
			}
			w.MustRefuse(bob, incident.Undo{}, incident.Conflict, tt.id)
		})
	}
}

func TestUndoTakesOneAfterTheOtherAndIsNotUndone(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(bob, incident.FinishTask{Number: 1})
	w.Do(bob, incident.FinishTask{Number: 2})
	equal(t, "open", len(w.Incident.Board.OpenTasks()), 1)
	d := w.Do(bob, incident.Undo{})
	equal(t, "open", len(w.Incident.Board.OpenTasks()), 2)
	equal(t, "hint", words(t, d.UndoHint()), "An undo is not undone: give the command again.")
	w.Do(bob, incident.Undo{})
	equal(t, "open", len(w.Incident.Board.OpenTasks()), 3)

	w.MustUndo(bob, incident.AssignTask{Number: 1, Who: bob})
	w.Do(bob, incident.AssignTask{Number: 1, Who: bob})
	w.Do(bob, incident.FinishTask{Number: 1})
	w.Do(bob, incident.Undo{})
	w.Do(bob, incident.Undo{}) // the same task twice
	task, _ := w.Incident.Board.Task(1)
	equal(t, "owner", task.Owner, incident.System)
	w.MustRefuse(bob, incident.Undo{}, incident.Conflict, "undo.nothing")
}
