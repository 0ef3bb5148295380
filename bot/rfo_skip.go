package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var rfoSkipRow = &Row{
	Stem: "rfo_skip", Words: "rfo skip", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo skip REASON"}, Help: "no RFO for this one, because",
	Change: func(c *Invocation) (incident.Command, error) { return incident.SkipRFO{Reason: c.text()}, nil },
}
