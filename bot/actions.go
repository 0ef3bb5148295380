package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var actionsRow = &Row{
	Stem: "actions", Words: "actions", Group: groupRFO, Scope: inIncident,
	Usage: []string{"actions"}, Help: "lists the actions",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		today := incident.CivilOf(c.Now(), c.Zone())
		var list []incident.Args
		for _, a := range c.Incident.Review.Actions {
			list = append(list, actionArgs(a, c.Incident.Key(), today))
		}
		return incident.Say{ID: "actions.list", Args: incident.Args{
			"key": c.Incident.Key(), "actions": list, "left": incident.MaxActions - len(c.Incident.Review.Kept()),
		}}, nil, c.end()
	},
}

// actionArgs is one line of a list of actions.
func actionArgs(a incident.Action, key string, today incident.Civil) incident.Args {
	return incident.Args{
		"id": a.ID(), "key": key, "text": a.Text, "owner": a.Owner, "due": a.Due, "donewhen": a.DoneWhen,
		"state": string(a.State), "overdue": a.State == incident.ActionOpen && a.Due.Before(today), "reason": a.Reason, "tracker": a.Tracker,
	}
}
