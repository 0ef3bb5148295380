package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var taskAddRow = &Row{
	Stem: "task_add", Words: "task", Group: groupWork, Scope: inIncident,
	Usage: []string{"task [@user] TEXT"}, Help: "adds a task",
	Change: func(c *Call) (incident.Command, error) { return c.task(0) },
}

var taskReplaceRow = &Row{
	Stem: "task_add", Words: "task replace", ID: 'T', Group: groupWork, Scope: inIncident,
	Usage: []string{"task replace T2 [@user] TEXT"}, Help: "puts another task in the place of one",
	Change: func(c *Call) (incident.Command, error) { return c.task(int(c.id())) },
}

// task reads who has it and what it is.
func (c *Call) task(replace int) (incident.Command, error) {
	who, _, err := c.person()
	if err != nil {
		return nil, err
	}
	return incident.AddTask{Owner: who, Text: c.text(), Anyway: c.Request.Sure, Replace: replace}, nil
}
