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
			if c.rest.Empty() {
				return nil, c.howBad()
			}
			word = strings.ToLower(c.take().Text)
		}
		level, err := strconv.Atoi(strings.TrimLeft(word, "sev-"))
		if err != nil {
			return nil, misfit{}
		}
		return incident.SetSeverity{Level: level}, c.end()
	},
}

// howBad offers the severities that it is not.
func (c *Invocation) howBad() error {
	ask := &incident.Error{Code: incident.Ask, Say: incident.Say{ID: "severity.ask", Args: incident.Args{
		"key": c.Incident.Key(), "severity": c.Incident.Life.Severity,
	}}}
	for level := incident.WorstSeverity; level <= incident.MildestSeverity; level++ {
		if level != c.Incident.Life.Severity {
			ask.Choices = append(ask.Choices, incident.Choice{
				Label: incident.Say{ID: "choice.severity", Args: incident.Args{"level": level}}, Line: "sev " + strconv.Itoa(level),
			})
		}
	}
	return ask
}
