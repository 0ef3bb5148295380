package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var undoRow = &Row{
	Stem: "undo", Words: "undo", Group: groupFacts, Scope: inIncident,
	Usage: []string{"undo"}, Help: "takes back your last command, within 10 minutes",
	Change: func(c *Invocation) (incident.Command, error) { return incident.Undo{}, c.end() },
}
