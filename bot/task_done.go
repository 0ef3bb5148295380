package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var taskDoneRow = &Row{
	Stem: "task_done", Words: "task done", ID: 'T', Group: groupWork, Scope: inIncident,
	Usage: []string{"task done T2"}, Help: "a task is done",
	Change: func(c *Invocation) (incident.Command, error) {
		return incident.FinishTask{Number: int(c.id())}, c.end()
	},
}
