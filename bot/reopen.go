package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var reopenRow = &Row{
	Stem: "reopen", Words: "reopen", Group: groupEnd, Scope: inIncidentSurely,
	Usage: []string{"reopen REASON"}, Help: "it is not over",
	Change: func(c *Invocation) (incident.Command, error) { return incident.Reopen{Reason: c.text()}, nil },
}
