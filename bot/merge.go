package bot

import (
	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

var mergeRow = &Row{
	Stem: "merge", Words: "merge", Group: groupEnd, Scope: inIncidentSurely,
	Usage: []string{"merge INC-7"}, Help: "folds this incident into another one",
	Change: func(c *Invocation) (incident.Command, error) {
		number, ok := grammar.Key(c.take())
		if !ok {
			return nil, misfit{}
		}
		if err := c.end(); err != nil {
			return nil, err
		}
		into, err := c.Reader.Visible(c.Actor.ID, number)
		if storage.IsNotFound(err) {
			c.number = number
			return nil, c.unknown()
		}
		return incident.Merge{Into: inBrief(into), Confirmed: c.Request.Confirmed}, err
	},
}
