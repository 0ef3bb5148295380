package bot

import (
	"slices"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

var pageRow = &Row{
	Stem: "page", Words: "page", Group: groupPeople, Scope: inIncidentSurely,
	Usage: []string{"page @user [TEXT]", "page SERVICE [TEXT]"}, Help: "wakes somebody up",
	Show: func(c *Call) (incident.Say, []incident.Choice, error) {
		who, ok, err := c.person()
		if err != nil {
			return incident.Say{}, nil, err
		}
		if !ok {
			name, isService := grammar.ServiceName(c.take())
			if !isService || len(c.service.Policy.Services) > 0 && !c.configured(name) {
				return incident.Say{}, nil, misfit{}
			}
			if len(c.service.Policy.Services) == 0 && !c.rest.Empty() {
				return incident.Say{}, nil, misfit{}
			}
		}
		return incident.Say{}, nil, &incident.Error{Code: incident.Conflict, Say: incident.Say{
			ID: "page.none", Args: incident.Args{"who": who, "phones": c.service.phones()},
		}}
	},
}

// configured says whether the operator listed the service.
func (c *Call) configured(name string) bool {
	return slices.ContainsFunc(c.service.Policy.Services, func(s incident.ServicePolicy) bool { return s.Name == name })
}

// phones is whom to call when nobody can be paged.
func (s *Service) phones() []incident.Args {
	var list []incident.Args
	for _, p := range s.Phones {
		list = append(list, incident.Args{"name": p.Name, "number": p.Number})
	}
	return list
}
