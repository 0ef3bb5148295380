package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var actionAssignRow = &Row{
	Stem: "action_assign", Words: "action assign", ID: 'A', Group: groupRFO, Scope: inIncident,
	Usage: []string{"action assign A1 @user"}, Help: "gives an action to another person, with the same date",
	Change: func(c *Invocation) (incident.Command, error) {
		n := int(c.id())
		who, ok, err := c.person()
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, misfit{}
		}
		return incident.AssignAction{Number: n, Who: who}, c.end()
	},
}
