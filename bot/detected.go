package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

// sources are who can have found out first.
var sources = []string{"alert", "synthetic", "employee", "customer", "partner"}

var detectedRow = &Row{
	Stem: "detected", Words: "detected", Group: groupFacts, Scope: inIncident,
	Usage: []string{"detected " + strings.Join(sources, "|") + " [at TIME] [TEXT]"}, Help: "who found out first",
	Change: func(c *Call) (incident.Command, error) {
		source, ok := c.keyword(sources...)
		if !ok {
			return nil, misfit{}
		}
		at, err := c.when()
		return incident.SetDetected{Source: source, At: at, Text: c.text()}, err
	},
}
