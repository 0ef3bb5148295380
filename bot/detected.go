package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

var detectedRow = &Row{
	Stem: "detected", Words: "detected", Group: groupFacts, Scope: inIncident,
	Usage: []string{"detected " + strings.Join(incident.DetectionSources(), "|") + " [at TIME] [TEXT]"}, Help: "who found out first",
	Change: func(c *Invocation) (incident.Command, error) {
		if c.rest.Empty() {
			return nil, c.whoFoundIt()
		}
		source, ok := c.keyword(incident.DetectionSources()...)
		if !ok {
			return nil, misfit{}
		}
		at, err := c.when()
		return incident.SetDetected{Source: source, At: at, Text: c.text()}, err
	},
}

// whoFoundIt offers whoever may have found it.
func (c *Invocation) whoFoundIt() error {
	ask := &incident.Error{Code: incident.Ask, Say: incident.Say{ID: "detected.ask", Args: incident.Args{"key": c.Incident.Key()}}}
	for _, source := range incident.DetectionSources() {
		ask.Choices = append(ask.Choices, incident.Choice{
			Label: incident.Say{ID: "choice.detected", Args: incident.Args{"source": source}}, Line: "detected " + source,
		})
	}
	return ask
}
