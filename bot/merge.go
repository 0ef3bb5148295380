package bot

import (
	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

var mergeRow = &Row{
	Stem: "merge", Words: "merge", Group: groupEnd, Scope: inIncidentSurely,
	Usage: []string{"merge INC-7"}, Help: "folds this incident into another one",
	Change: func(c *Call) (incident.Command, error) {
		number, ok := grammar.Key(c.take())
		if !ok {
			return nil, misfit{}
		}
		into, err := c.Reader.Visible(c.Actor.ID, number)
		if storage.IsNotFound(err) {
			c.number = number
			return nil, c.unknown()
		}
		if err != nil {
			return nil, err
		}
		if !c.Request.Sure {
			return nil, &incident.Error{
				Code: incident.Ask,
				Say:  incident.Say{ID: "talk.merge", Args: incident.Args{"key": c.Incident.Key(), "into": incident.Key(number), "title": into.Title}},
				Choices: []incident.Choice{{
					Label: incident.Say{ID: "choice.merge", Args: incident.Args{"key": incident.Key(number)}},
					Line:  "merge " + incident.Key(number), Sure: true,
				}},
			}
		}
		return incident.Merge{Into: into.ID, Number: number}, c.end()
	},
}
