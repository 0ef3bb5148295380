package slackio

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/incident"
)

// task is the message of one task. When the task was taken back by an undo the
// message says so: it is there, and people have read it.
func (d drawing) task(id string) (Message, bool) {
	digits, _ := strings.CutPrefix(id, "T")
	t, ok := d.i.Board.Task(int(number(digits)))
	args := incident.Args{
		"id": id, "text": t.Text, "owner": t.Owner, "joined": d.names(t.Joined), "by": t.ClosedBy, "at": t.ClosedAt, "reason": t.Reason,
	}
	switch {
	case !ok:
		return one(d.text("card_task.gone", args)), true
	case t.State == incident.TaskDone:
		return one(d.text("card_task.done", args)), true
	case t.State == incident.TaskDropped:
		return one(d.text("card_task.dropped", args)), true
	}
	return one(d.calling("card_task.open", args), actions(d.taskButtons(t)...)), true
}

func (d drawing) taskButtons(t incident.Task) []*slack.ButtonBlockElement {
	if d.i.Life.Status.Over() {
		return nil
	}
	var row []*slack.ButtonBlockElement
	if t.Owner == incident.System {
		row = append(row, d.button("card_task.take", "take", "task assign "+t.ID()+" me"))
	}
	return append(row, d.button("card_task.finish", "done", "task done "+t.ID()))
}

// names joins people for a text. PersonMarks keep them people until the reader
// is known.
func (d drawing) names(people []incident.PersonID) string {
	marks := make([]string, len(people))
	for n, p := range people {
		marks[n] = incident.PersonMark(p)
	}
	return strings.Join(marks, ", ")
}
