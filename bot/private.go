package bot

import (
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/incident"
)

var privateRow = &Row{
	Stem: "private", Words: "private", Group: groupStart, Scope: anywhere,
	Usage: []string{"private"}, Help: "opens a private copy of this incident and closes this one",
	Prepare: func(c *Invocation) { c.plan = c.service.Calls.Plan(calls.Ask{Private: true}) },
	Change:  (*Invocation).copyPrivately,
}

// copyPrivately opens the copy and, in the same transaction, closes the public incident.
func (c *Invocation) copyPrivately() (incident.Command, error) {
	if err := c.end(); err != nil {
		return nil, err
	}
	if c.Request.Surface == surfaceAPI {
		return nil, &incident.Error{Code: incident.Forbidden, Say: incident.Say{ID: "talk.private_here"}}
	}
	id, err := c.targetID()
	if err != nil {
		return nil, err
	}
	if _, err := c.Reader.VisibleIncident(c.Actor.ID, id); err != nil {
		return nil, err
	}
	public, err := c.tx.RawIncident(id)
	if err != nil {
		return nil, err
	}
	c.after = func(c *Invocation) error {
		stamp := c.Stamp
		stamp.Command = incident.CommandID(c.service.NewID())
		_, err := c.service.decide(c.tx, public, incident.LeaveToPrivate{}, stamp, c.Actor)
		return err
	}
	return incident.CopyPrivately{Of: public, Call: planned(c.plan), Rooms: c.plan.Rooms, Confirmed: c.Request.Confirmed}, nil
}
