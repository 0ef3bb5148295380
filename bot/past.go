package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

// pastRows are past tenses that do not mean their verb: they offer a note.
var (
	pagedRow  = pastRow("paged")
	calledRow = pastRow("called")
)

func pastRow(word string) *Row {
	return &Row{
		Stem: "note", Words: word, Scope: anywhere, Usage: []string{"note " + word + " TEXT"},
		Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
			open, err := c.Reader.VisibleOpen(c.Actor.ID)
			if err != nil {
				return incident.Say{}, nil, err
			}
			return incident.Say{}, nil, c.offerText(&incident.Error{
				Code: incident.Ask, Say: incident.Say{ID: "talk.past", Args: incident.Args{"typed": c.body.Text()}},
			}, len(open) > 0)
		},
	}
}
