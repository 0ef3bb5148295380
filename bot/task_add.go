package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var taskAddRow = &Row{
	Stem: "task_add", Words: "task", Group: groupWork, Scope: inIncident,
	Usage: []string{"task [@user] TEXT"}, Help: "adds a task",
	Change: func(c *Call) (incident.Command, error) {
		who, _, err := c.person()
		if err != nil {
			return nil, err
		}
		return incident.AddTask{Owner: who, Text: c.text(), Anyway: c.Request.Sure}, nil
	},
}
