package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var noteRow = &Row{
	Stem: "note", Words: "note", Aliases: []string{"noted"}, Group: groupFacts, Scope: inIncident,
	Usage: []string{"note TEXT", "note at TIME TEXT"}, Help: "puts a line on the timeline, now or at a past time",
	Change: func(c *Invocation) (incident.Command, error) {
		if literal, ok := c.rest.Literal(); ok {
			return incident.AddNote{Text: literal.Text()}, nil
		}
		at, err := c.when()
		return incident.AddNote{At: at, Text: c.text()}, err
	},
}
