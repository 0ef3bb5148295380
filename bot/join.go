package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var joinRow = &Row{
	Stem: "join", Words: "join", Group: groupPeople, Scope: inIncident,
	Usage: []string{"join"}, Help: "brings you into the incident's channel",
	Change: func(c *Invocation) (incident.Command, error) { return incident.Join{}, c.end() },
}
