package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

var taskAddRow = &Row{
	Stem: "task_add", Words: "task", Group: groupWork, Scope: inIncident,
	Usage: []string{"task [@user] TEXT"}, Help: "adds a task",
	Change: func(c *Invocation) (incident.Command, error) { return c.task(0) },
}

var taskReplaceRow = &Row{
	Stem: "task_add", Words: "task replace", ID: 'T', Group: groupWork, Scope: inIncident,
	Usage: []string{"task replace T2 [@user] TEXT"}, Help: "puts another task in the place of one",
	Change: func(c *Invocation) (incident.Command, error) { return c.task(int(c.id())) },
}

// idFirst asks when a task would be called "T2 done": the words are in the other
// order than the sub-verb has them.
func (c *Invocation) idFirst() error {
	w, after := c.rest.Next()
	number, ok := grammar.Task(w)
	sub, behind := after.Next()
	if _, known := c.Incident.Board.Task(number); !ok || !known || c.Request.Confirmed || !sub.Is("done", "drop", "assign", "join") {
		return nil
	}
	line := strings.TrimSpace("task " + strings.ToLower(sub.Text) + " " + incident.TaskID(number) + " " + behind.Text())
	return &incident.Error{
		Code: incident.Ask, Say: incident.Say{ID: "task_add.id_first", Args: incident.Args{"line": line}},
		Choices: []incident.Choice{
			{Label: incident.Say{ID: "choice.run", Args: incident.Args{"line": line}}, Line: line},
			{Label: incident.Say{ID: "choice.as_text", Args: incident.Args{"text": c.rest.Text()}}, Line: c.body.Text(), Confirmed: true},
		},
	}
}

// task reads who has it and what it is.
func (c *Invocation) task(replace int) (incident.Command, error) {
	if err := c.idFirst(); err != nil {
		return nil, err
	}
	who, _, err := c.person()
	if err != nil {
		return nil, err
	}
	return incident.AddTask{Owner: who, Text: c.text(), Confirmed: c.Request.Confirmed, Replace: replace}, nil
}
