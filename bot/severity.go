package bot

import (
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

var severityRow = &Row{
	Stem: "severity", Words: "sev", Aliases: []string{"severity", "sev1", "sev2", "sev3", "sev4"}, Group: groupFacts, Scope: inIncident,
	Usage: []string{"sev 1..4"}, Help: "sets how bad it is; 1 is worst",
	Change: func(c *Invocation) (incident.Command, error) {
		word := c.reading.word
		if word == "sev" || word == "severity" {
			word = strings.ToLower(c.take().Text)
		}
		level, err := strconv.Atoi(strings.TrimLeft(word, "sev-"))
		if err != nil {
			return nil, misfit{}
		}
		return incident.SetSeverity{Level: level}, c.end()
	},
}
