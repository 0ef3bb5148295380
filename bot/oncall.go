package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var oncallRow = &Row{
	Stem: "oncall", Words: "oncall", Aliases: []string{"on-call"}, Group: groupPeople, Scope: anywhere,
	Usage: []string{"oncall [SERVICE]"}, Help: "says whom to wake up",
	Show: func(c *Call) (incident.Say, []incident.Choice, error) {
		return incident.Say{ID: "oncall.phones", Args: incident.Args{"phones": c.service.phones()}}, nil, nil
	},
}
