package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var statusRow = &Row{
	Stem: "status", Words: "status", Group: groupLook, Scope: inIncident,
	Usage: []string{"status"}, Help: "shows where the incident stands",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		i := c.Incident
		settled, total := i.Board.RollbackCount()
		var tasks []incident.Args
		for _, t := range i.Board.OpenTasks() {
			tasks = append(tasks, incident.Args{"id": t.ID(), "text": t.Text, "owner": t.Owner})
		}
		update, _ := i.Log.LastUpdate()
		return incident.Say{ID: "status.shown", Args: incident.Args{
			"key": i.Key(), "title": i.Identity.Title, "status": string(i.Life.Status), "severity": i.Life.Severity,
			"leader": i.Leadership.Leader, "named": i.Leadership.Named, "opener": i.Identity.Opener, "at": i.Identity.OpenedAt,
			"call": i.Call().URL, "tasks": tasks, "settled": settled, "total": total, "drill": i.Identity.Drill,
			"private": i.Identity.Private, "update": update.Text, "updated": update.Sent,
			"running": c.Now().Sub(i.Identity.OpenedAt), "over": i.Life.Status.Over(),
		}}, nil, c.end()
	},
}
