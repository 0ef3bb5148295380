package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var handoverRow = &Row{
	Stem: "handover", Words: "handover", Group: groupPeople, Scope: inIncident,
	Usage: []string{"handover @user"},
	Help:  "hands the lead over, with open tasks, last decision and next update",
	Change: func(c *Invocation) (incident.Command, error) {
		p, ok, err := c.person()
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, misfit{}
		}
		return incident.Handover{To: p}, c.end()
	},
}

// whoCouldLead offers whoever did most beside the leader.
func (c *Invocation) whoCouldLead() []incident.Choice {
	return incident.HandoverOffers(c.Incident, c.service.practice(c.Reader))
}
