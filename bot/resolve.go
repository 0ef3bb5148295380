package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var resolveRow = &Row{
	Stem: "resolve", Words: "resolve", Aliases: []string{"resolved", "close"}, Group: groupEnd, Scope: inIncidentSurely,
	Usage: []string{"resolve [TEXT]"}, Help: "it is over; what is left open is listed",
	Change: func(c *Invocation) (incident.Command, error) { return incident.Resolve{Text: c.text()}, nil },
}
