package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var taskDropRow = &Row{
	Stem: "task_drop", Words: "task drop", ID: 'T', Group: groupWork, Scope: inIncident,
	Usage: []string{"task drop T2 REASON"}, Help: "a task is not needed any more",
	Change: func(c *Invocation) (incident.Command, error) {
		return incident.DropTask{Number: int(c.id()), Reason: c.text()}, nil
	},
}
