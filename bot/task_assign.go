package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var taskAssignRow = &Row{
	Stem: "task_assign", Words: "task assign", ID: 'T', Group: groupWork, Scope: inIncident,
	Usage: []string{"task assign T2 @user"}, Help: "gives a task to somebody",
	Change: func(c *Invocation) (incident.Command, error) {
		n := int(c.id())
		who, ok, err := c.person()
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, misfit{}
		}
		return incident.AssignTask{Number: n, Who: who}, c.end()
	},
}
