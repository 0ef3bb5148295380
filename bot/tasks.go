package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var tasksRow = &Row{
	Stem: "tasks", Words: "tasks", Group: groupWork, Scope: inIncident,
	Usage: []string{"tasks", "tasks @user"}, Help: "lists the tasks",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		who, one, err := c.person()
		if err != nil {
			return incident.Say{}, nil, err
		}
		if err := c.end(); err != nil {
			return incident.Say{}, nil, err
		}
		var open, closed []incident.Args
		for _, t := range c.Incident.Board.Tasks {
			if one && t.Owner != who {
				continue
			}
			line := incident.Args{"id": t.ID(), "text": t.Text, "owner": t.Owner, "state": string(t.State)}
			if t.State == incident.TaskOpen {
				open = append(open, line)
			} else {
				closed = append(closed, line)
			}
		}
		return incident.Say{ID: "tasks.list", Args: incident.Args{
			"key": c.Incident.Key(), "who": who, "open": open, "closed": closed, "confirmed": c.Incident.Board.Confirmed,
		}}, nil, nil
	},
}
