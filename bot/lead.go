package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var leadRow = &Row{
	Stem: "lead", Words: "lead", Aliases: []string{"leader"}, Group: groupPeople, Scope: inIncident,
	Usage: []string{"lead", "lead me", "lead @user"},
	Help:  "takes the lead, or names who leads",
	Change: func(c *Invocation) (incident.Command, error) {
		who := c.Actor.ID
		if !c.rest.Empty() {
			p, ok, err := c.person()
			if err != nil {
				return nil, err
			}
			if !ok {
				return nil, misfit{}
			}
			who = p
		}
		return incident.Lead{Who: who, Confirmed: c.Request.Confirmed}, c.end()
	},
}

var leadAcceptRow = &Row{
	Stem: "lead_accept", Words: "lead accept", Group: groupPeople, Scope: inIncident,
	Usage: []string{"lead accept"}, Help: "accepts the lead you were asked to take",
	Change: func(c *Invocation) (incident.Command, error) { return incident.AcceptLead{}, c.end() },
}

var leadDeclineRow = &Row{
	Stem: "lead_decline", Words: "lead decline", Group: groupPeople, Scope: inIncident,
	Usage: []string{"lead decline"}, Help: "says no to the lead you were asked to take",
	Change: func(c *Invocation) (incident.Command, error) { return incident.DeclineLead{}, c.end() },
}
