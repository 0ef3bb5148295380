package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var timelineHideRow = &Row{
	Stem: "timeline_hide", Words: "timeline hide", ID: 'E', Group: groupFacts, Scope: inIncident,
	Usage: []string{"timeline hide E5 REASON"}, Help: "takes a line off the timeline; the original is kept",
	Change: func(c *Invocation) (incident.Command, error) {
		return incident.HideEntry{Entry: c.id(), Reason: c.text()}, nil
	},
}
