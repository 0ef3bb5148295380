package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// similarLines bounds what is shown to somebody who asks.
const similarLines = 5

var similarRow = &Row{
	Stem: "similar", Words: "similar", Group: groupLook, Scope: anywhere,
	Usage: []string{"similar", "similar TEXT"}, Help: "finds earlier incidents that were alike, or that were about TEXT",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		about, before, text := incident.Wording{}, 0, c.rest.Text()
		if text != "" {
			about.Title = text
		} else {
			inc, err := c.meant()
			if err != nil {
				return incident.Say{}, nil, err
			}
			about, before = inc.Wording(), inc.Identity.Number
		}
		found, err := c.unheard().VisibleSimilar(c.Actor.ID, about, before)
		if err != nil {
			return incident.Say{}, nil, err
		}
		var list []incident.Args
		for _, s := range found {
			if len(list) == similarLines || text == "" && s.Likeness < incident.AlikeFrom {
				break // they come by their likeness
			}
			inc, err := c.Reader.VisibleIncident(c.Actor.ID, s.ID)
			if err != nil {
				return incident.Say{}, nil, err
			}
			list = append(list, similarArgs(s.Brief, inc))
		}
		return incident.Say{ID: "similar.list", Args: incident.Args{"text": text, "key": incident.Key(before), "incidents": list}}, nil, nil
	},
}

// meant is the incident of the KEY or of the channel.
func (c *Invocation) meant() (*incident.Incident, error) {
	var id incident.ID
	var err error
	if c.number > 0 {
		id, err = c.Reader.VisibleByNumber(c.Actor.ID, c.number)
		if storage.IsNotFound(err) {
			return nil, c.unknown()
		}
	} else {
		id, err = c.here()
	}
	switch {
	case err != nil:
		return nil, err
	case id == "":
		return nil, &incident.Error{Code: incident.Invalid, Say: incident.Say{ID: "similar.what"}}
	}
	return c.Reader.VisibleIncident(c.Actor.ID, id)
}

// unheard is what may be told where the answer goes: in an incident's channel, and
// under a mention, which others have read, other private incidents do not exist, not
// even for their members, who alone would see the answer.
func (c *Invocation) unheard() *storage.Reader {
	if c.Request.Surface != "mention" && c.Request.From.Channel == "" {
		return c.Reader
	}
	if c.Request.Surface == "slash" {
		if _, err := c.Reader.RawByChannel(c.Request.From.Channel); storage.IsNotFound(err) {
			return c.Reader
		}
	}
	return c.Reader.WithoutPrivate()
}

// causeWidth is how much of a cause stands in a line, in characters.
const causeWidth = 140

// firstLine is the beginning of a text, on one line.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return shorten(strings.TrimSpace(line), causeWidth)
}
