package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var titleRow = &Row{
	Stem: "title", Words: "title", Group: groupFacts, Scope: inIncidentSurely,
	Usage: []string{"title TEXT"}, Help: "renames the incident; channel and file keep their names",
	Change: func(c *Invocation) (incident.Command, error) { return incident.SetTitle{Title: c.text()}, nil },
}
