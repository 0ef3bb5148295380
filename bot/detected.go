package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

var detectedRow = &Row{
	Stem: "detected", Words: "detected", Group: groupFacts, Scope: inIncident,
	Usage: []string{"detected " + strings.Join(incident.DetectionSources(), "|") + " [at TIME] [TEXT]"}, Help: "who found out first",
	Change: func(c *Invocation) (incident.Command, error) {
		source, ok := c.keyword(incident.DetectionSources()...)
		if !ok {
			return nil, misfit{}
		}
		at, err := c.when()
		return incident.SetDetected{Source: source, At: at, Text: c.text()}, err
	},
}
