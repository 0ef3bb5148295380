package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var actionMoveRow = &Row{
	Stem: "action_move", Words: "action move", ID: 'A', Group: groupRFO, Scope: inIncident,
	Usage: []string{"action move A1 DATE REASON"}, Help: "gives an action another date, with a reason",
	Change: func(c *Invocation) (incident.Command, error) {
		n := int(c.id())
		due, ok, err := c.date()
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, misfit{}
		}
		return incident.MoveAction{Number: n, Due: due, Reason: c.text()}, nil
	},
}
