package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var taskJoinRow = &Row{
	Stem: "task_join", Words: "task join", ID: 'T', Group: groupWork, Scope: inIncident,
	Usage: []string{"task join T2"}, Help: "joins somebody's task",
	Change: func(c *Invocation) (incident.Command, error) {
		return incident.JoinTask{Number: int(c.id())}, c.end()
	},
}
