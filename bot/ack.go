package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var ackRow = &Row{
	Stem: "ack", Words: "ack", Group: groupFacts, Scope: inIncident,
	Usage: []string{"ack", "ack at TIME"}, Help: "the first human reaction to the signal",
	Change: func(c *Invocation) (incident.Command, error) {
		at, err := c.when()
		if err != nil {
			return nil, err
		}
		return incident.Acknowledge{At: at}, c.end()
	},
}
