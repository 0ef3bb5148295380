package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var followRow = &Row{
	Stem: "follow", Words: "follow", Group: groupTell, Scope: inIncident,
	Usage: []string{"follow"}, Help: "sends you the updates of this incident",
	Change: func(c *Invocation) (incident.Command, error) { return incident.Follow{On: true}, c.end() },
}

var unfollowRow = &Row{
	Stem: "follow", Words: "unfollow", Group: groupTell, Scope: inIncident,
	Usage: []string{"unfollow"}, Help: "stops that",
	Change: func(c *Invocation) (incident.Command, error) { return incident.Follow{}, c.end() },
}
