package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var cancelRow = &Row{
	Stem: "cancel", Words: "cancel", Aliases: []string{"false-alarm"}, Group: groupEnd, Scope: inIncidentSurely,
	Usage: []string{"cancel REASON"}, Help: "it never was an incident; owes no RFO",
	Change: func(c *Invocation) (incident.Command, error) { return incident.Cancel{Reason: c.text()}, nil },
}
