package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var overdueRow = &Row{
	Stem: "overdue", Words: "overdue", Group: groupLook, Scope: anywhere,
	Usage: []string{"overdue"}, Help: "lists overdue actions of all incidents",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		all, err := c.Reader.VisibleWithActions(c.Actor.ID)
		if err != nil {
			return incident.Say{}, nil, err
		}
		today := incident.CivilOf(c.Now(), c.Zone())
		var list []incident.Args
		for _, b := range all {
			inc, err := c.Reader.VisibleIncident(c.Actor.ID, b.ID)
			if err != nil {
				return incident.Say{}, nil, err
			}
			for _, a := range inc.Review.Actions {
				if a.State == incident.ActionOpen && a.Due.Before(today) {
					list = append(list, actionArgs(a, inc.Key(), today))
				}
			}
		}
		return incident.Say{ID: "overdue.list", Args: incident.Args{"actions": list}}, nil, c.end()
	},
}
