package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var commsRow = &Row{
	Stem: "comms", Words: "comms", Group: groupTell, Scope: inIncident,
	Usage: []string{"comms [at TIME] TEXT"}, Help: "customers were told this",
	Change: func(c *Invocation) (incident.Command, error) {
		at, err := c.when()
		return incident.TellCustomers{At: at, Text: c.text()}, err
	},
}
