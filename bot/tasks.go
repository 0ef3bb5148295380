package bot

import (
	"maps"
	"slices"

	"github.com/rollcall-bot/rollcall/incident"
)

var tasksRow = &Row{
	Stem: "tasks", Words: "tasks", Group: groupWork, Scope: inIncident,
	Usage: []string{"tasks", "tasks @user"}, Help: "lists the tasks, and who has none",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		who, one, err := c.person()
		if err != nil {
			return incident.Say{}, nil, err
		}
		if err := c.end(); err != nil {
			return incident.Say{}, nil, err
		}
		idle, err := c.idle(one)
		if err != nil {
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
			"idle": idle[:min(len(idle), idleShown)], "more": max(0, len(idle)-idleShown),
		}}, nil, nil
	},
}

// idleShown bounds the list of people without a task.
const idleShown = 12

// idle are the people of the incident who have no task, while it goes on.
func (c *Invocation) idle(one bool) ([]incident.Args, error) {
	if one || c.Incident.Life.Status.Over() {
		return nil, nil
	}
	here, err := c.Reader.RawMembers(c.Incident.ID)
	if err != nil {
		return nil, err
	}
	seen, err := c.Reader.RawSeen(c.Incident.ID)
	if err != nil {
		return nil, err
	}
	here = append(here, slices.Sorted(maps.Keys(seen))...)
	here = append(here, slices.Sorted(maps.Keys(c.Incident.Trace.Heard))...)
	var idle []incident.Args
	for _, who := range c.Incident.Idle(here) {
		p, err := c.Reader.Person(who)
		if err == nil && !p.Bot && !p.Deleted {
			idle = append(idle, incident.Args{"who": who})
		}
	}
	return idle, nil
}
