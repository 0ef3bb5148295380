package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var mitigatedRow = &Row{
	Stem: "mitigated", Words: "mitigated", Aliases: []string{"fixed", "mitigate"}, Group: groupEnd, Scope: inIncidentSurely,
	Usage: []string{"mitigated [at TIME] [TEXT]"}, Help: "users are well; clean-up begins",
	Change: func(c *Invocation) (incident.Command, error) {
		at, err := c.at()
		return incident.Mitigate{At: at, Text: c.text()}, err
	},
}
