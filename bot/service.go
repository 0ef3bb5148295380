package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

// serviceStates are the words for what is known of a service.
var serviceStates = []string{"unknown", "bleeding", "suspect", "rolled-back", "not-needed", "clear"}

var serviceRow = &Row{
	Stem: "service", Words: "service", Group: groupWork, Scope: inIncident,
	Usage: []string{"service NAME", "service NAME " + strings.Join(serviceStates, "|")},
	Help:  "puts a service on the surface board, and says how it is",
	Change: func(c *Invocation) (incident.Command, error) {
		name, ok := grammar.ServiceName(c.take())
		if !ok {
			return nil, misfit{}
		}
		state, _ := c.keyword(serviceStates...)
		return incident.RateService{Name: name, State: incident.ServiceState(state), Confirmed: c.Request.Confirmed}, c.end()
	},
}

// whatCouldBleed offers the configured services that are not on the board.
func (c *Invocation) whatCouldBleed() []incident.Choice {
	var offers []incident.Choice
	for _, s := range c.service.Policy.Services {
		if _, there := c.Incident.Board.Service(s.Name); there || len(offers) == maxChoices {
			continue
		}
		offers = append(offers, incident.Choice{
			Label: incident.Say{ID: "choice.service_near", Args: incident.Args{"name": s.Name}}, Line: "service " + s.Name,
		})
	}
	return offers
}
