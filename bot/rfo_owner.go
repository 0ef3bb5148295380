package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var rfoOwnerRow = &Row{
	Stem: "rfo_owner", Words: "rfo owner", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo owner @user"}, Help: "says who writes the RFO",
	Change: func(c *Invocation) (incident.Command, error) {
		who, ok, err := c.person()
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, misfit{}
		}
		return incident.OwnRFO{Who: who}, c.end()
	},
}
