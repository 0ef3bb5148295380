package bot

import (
	"slices"

	"github.com/rollcall-bot/rollcall/bot/grammar"
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

var followServiceRow = &Row{
	Stem: "follow_service", Words: "follow", ID: anyService, Group: groupTell, Scope: anywhere,
	Usage: []string{"follow SERVICE"}, Help: "tells you of every incident of a service, and sends you its updates",
	Prepare: func(*Invocation) {},
	Change:  func(c *Invocation) (incident.Command, error) { return c.followService(true) },
}

var unfollowServiceRow = &Row{
	Stem: "follow_service", Words: "unfollow", ID: anyService, Group: groupTell, Scope: anywhere,
	Usage: []string{"unfollow SERVICE"}, Help: "stops that",
	Prepare: func(*Invocation) {},
	Change:  func(c *Invocation) (incident.Command, error) { return c.followService(false) },
}

func (c *Invocation) followService(on bool) (incident.Command, error) {
	name, _ := grammar.ServiceName(c.take()) // the table has looked
	all, err := c.Reader.Followers(name)
	if err != nil {
		return nil, err
	}
	c.after = func(c *Invocation) error {
		if on {
			return c.tx.Follow(name, c.Actor.ID, c.Now())
		}
		return c.tx.Unfollow(name, c.Actor.ID)
	}
	return incident.FollowService{Name: name, On: on, Follows: slices.Contains(all, c.Actor.ID)}, nil
}
