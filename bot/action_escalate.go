package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var actionEscalateRow = &Row{
	Stem: "action_escalate", Words: "action escalate", ID: 'A', Group: groupRFO, Scope: inIncident,
	Usage: []string{"action escalate A1 @user DATE"}, Help: "gives an overdue action to somebody who can get it done",
	Change: func(c *Invocation) (incident.Command, error) {
		n := int(c.id())
		who, ok, err := c.person()
		if err != nil {
			return nil, err
		}
		due, dated, err := c.date()
		if err != nil {
			return nil, err
		}
		if !ok || !dated {
			return nil, misfit{}
		}
		return incident.EscalateAction{Number: n, Who: who, Due: due}, c.end()
	},
}
