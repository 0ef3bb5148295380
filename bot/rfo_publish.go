package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var rfoPublishRow = &Row{
	Stem: "rfo_publish", Words: "rfo publish", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo publish"}, Help: "writes the RFO to its file and uploads it to the channel",
	Change: func(c *Invocation) (incident.Command, error) { return incident.PublishRFO{}, c.end() },
}
