package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var firstErrorRow = &Row{
	Stem: "first_error", Words: "first-error", Aliases: []string{"firsterror"}, Group: groupFacts, Scope: inIncident,
	Usage: []string{"first-error TIME [TEXT]"}, Help: "when the first error was seen by a machine",
	Change: func(c *Invocation) (incident.Command, error) {
		at, err := c.when()
		if err == nil && at.IsZero() {
			return nil, misfit{}
		}
		return incident.SetFirstError{At: at, Text: c.text()}, err
	},
}
