package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var actionDropRow = &Row{
	Stem: "action_drop", Words: "action drop", ID: 'A', Group: groupRFO, Scope: inIncident,
	Usage: []string{"action drop A1 REASON"}, Help: "deprioritises an action, with a reason",
	Change: func(c *Invocation) (incident.Command, error) {
		return incident.DropAction{Number: int(c.id()), Reason: c.text()}, nil
	},
}
