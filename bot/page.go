package bot

import (
	"slices"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

var pageRow = &Row{
	Stem: "page", Words: "page", Group: groupPeople, Scope: inIncidentSurely,
	Usage: []string{"page @user [TEXT]", "page SERVICE [TEXT]", "page on-call [TEXT]"}, Help: "wakes somebody up; if that fails the channel is told whom to phone",
	Bare: whomToPage,
	Change: func(c *Invocation) (incident.Command, error) {
		cmd := incident.Page{Confirmed: c.Request.Confirmed}
		who, ok, err := c.person()
		if err != nil {
			return nil, err
		}
		if cmd.Who = who; !ok {
			if cmd.Service, err = c.paged(); err != nil {
				return nil, err
			}
		}
		cmd.Text = c.text()
		return cmd, nil
	},
}

// paged takes whose on-call is meant: a configured service's, or with "on-call" that
// of the service that is paged unless another is named. Other words may be meant as
// something else (`page load slow`).
func (c *Invocation) paged() (string, error) {
	w := c.take()
	name, ok := grammar.ServiceName(w)
	switch configured := c.service.Policy.Services; {
	case ok && c.configured(name):
		return name, nil
	case w.Is(incident.OnCall, "oncall"):
		return "", nil
	case ok && len(configured) == 0 && c.rest.Empty():
		return name, nil
	}
	return "", misfit{}
}

// configured says whether the operator listed the service.
func (c *Invocation) configured(name string) bool {
	return slices.ContainsFunc(c.service.Policy.Services, func(s incident.ServicePolicy) bool { return s.Name == name })
}

// maxPageButtons bounds how many services are offered; the others can be typed.
const maxPageButtons = 5

// whomToPage offers whoever is on call: for the services of the incident, then for
// the configured ones, then at all.
func whomToPage(c *Invocation) (incident.Say, []incident.Choice, error) {
	policy := c.service.Policy
	if !policy.Paging.On {
		return incident.Say{}, nil, &incident.Error{Code: incident.Conflict, Say: incident.Say{
			ID: "page.none", Args: incident.Args{"who": incident.System, "phones": c.service.phones()},
		}}
	}
	var names []string
	add := func(name string) {
		if c.configured(name) && !slices.Contains(names, name) && len(names) < maxPageButtons {
			names = append(names, name)
		}
	}
	for _, s := range c.Incident.Board.Services {
		add(s.Name)
	}
	for _, s := range policy.Services {
		add(s.Name)
	}
	var choices []incident.Choice
	for _, name := range names {
		choices = append(choices, incident.Choice{
			Label: incident.Say{ID: "choice.page_service", Args: incident.Args{"name": name}}, Line: "page " + name,
		})
	}
	choices = append(choices, incident.Choice{Label: incident.Say{ID: "choice.page_oncall"}, Line: "page " + incident.OnCall})
	return incident.Say{ID: "page.whom", Args: incident.Args{"key": c.Incident.Key()}}, choices, nil
}

// phones is whom to call when nobody can be paged.
func (s *Service) phones() []incident.Args {
	var list []incident.Args
	for _, p := range s.Phones {
		list = append(list, incident.Args{"name": p.Name, "number": p.Number})
	}
	return list
}
