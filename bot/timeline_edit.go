package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var timelineEditRow = &Row{
	Stem: "timeline_edit", Words: "timeline edit", ID: 'E', Group: groupFacts, Scope: inIncident,
	Usage: []string{"timeline edit E5 TEXT"}, Help: "words a line of the timeline anew; the original is kept",
	Change: func(c *Invocation) (incident.Command, error) {
		return incident.EditEntry{Entry: c.id(), Text: c.text()}, nil
	},
}
