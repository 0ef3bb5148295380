package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var servicesRow = &Row{
	Stem: "services", Words: "services", Group: groupWork, Scope: inIncident,
	Usage: []string{"services"}, Help: "shows the surface board and how many services are rolled back",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		settled, total := c.Incident.Board.RollbackCount()
		var list []incident.Args
		for _, s := range c.Incident.Board.Services {
			list = append(list, incident.Args{
				"name": s.Name, "state": string(s.State), "by": s.By, "at": s.At, "reason": s.Reason, "owner": s.Owner,
			})
		}
		return incident.Say{ID: "services.list", Args: incident.Args{
			"key": c.Incident.Key(), "settled": settled, "total": total, "services": list,
		}}, nil, c.end()
	},
}
