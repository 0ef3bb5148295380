package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var inviteRow = &Row{
	Stem: "invite", Words: "invite", Group: groupPeople, Scope: inIncident,
	Usage: []string{"invite @user…"}, Help: "brings people into the incident's channel",
	Change: func(c *Invocation) (incident.Command, error) {
		people, err := c.people()
		return incident.InvitePeople{Who: people}, err
	},
}
