package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var taskConfirmRow = &Row{
	Stem: "task_confirm", Words: "tasks confirm", Group: groupWork, Scope: inIncident,
	Usage: []string{"tasks confirm"}, Help: "the leader says that the list of tasks is right",
	Change: func(c *Invocation) (incident.Command, error) { return incident.ConfirmTasks{}, c.end() },
}
