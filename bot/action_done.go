package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var actionDoneRow = &Row{
	Stem: "action_done", Words: "action done", ID: 'A', Group: groupRFO, Scope: inIncident,
	Usage: []string{"action done A1"}, Help: "an action is done",
	Change: func(c *Invocation) (incident.Command, error) {
		return incident.FinishAction{Number: int(c.id())}, c.end()
	},
}
