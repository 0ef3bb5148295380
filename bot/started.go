package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var startedRow = &Row{
	Stem: "started", Words: "started", Group: groupFacts, Scope: inIncident,
	Usage: []string{"started TIME"}, Help: "when users were first affected",
	Change: func(c *Invocation) (incident.Command, error) {
		at, err := c.when()
		if err != nil {
			return nil, err
		}
		if at.IsZero() {
			return nil, misfit{}
		}
		return incident.SetStarted{At: at}, c.end()
	},
}
