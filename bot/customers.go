package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var customersRow = &Row{
	Stem: "customers", Words: "customers", Group: groupTell, Scope: inIncident,
	Usage: []string{"customers"}, Help: "shows which customers have been told",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		var list []incident.Args
		told := 0
		for _, one := range c.Incident.Board.Customers {
			if one.Told {
				told++
			}
			list = append(list, incident.Args{"name": one.Name, "told": one.Told, "by": one.ToldBy, "at": one.At})
		}
		return incident.Say{ID: "customers.list", Args: incident.Args{
			"key": c.Incident.Key(), "customers": list, "told": told, "total": len(list),
		}}, nil, c.end()
	},
}
