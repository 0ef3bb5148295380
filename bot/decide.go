package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var decideRow = &Row{
	Stem: "decide", Words: "decide", Aliases: []string{"decided"}, Group: groupPeople, Scope: inIncident,
	Usage: []string{"decide TEXT"}, Help: "the leader's decision: in the channel and in the RFO",
	Change: func(c *Invocation) (incident.Command, error) { return incident.MakeDecision{Text: c.text()}, nil },
}
