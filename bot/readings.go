package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

// notUnderstood answers a line whose first word is no verb: the nearest verb, and the
// line as the title of an incident, are offered; neither runs by itself.
func (c *Invocation) notUnderstood() error {
	e := &incident.Error{Code: incident.Ask, Say: incident.Say{ID: "talk.unread", Args: incident.Args{"word": c.reading.word}}}
	if verb := c.service.table.near(c.reading.word); verb != "" {
		_, after := c.body.Next()
		line := strings.TrimSpace(verb + " " + after.Text())
		if c.number > 0 {
			line = incident.Key(c.number) + " " + line
		}
		e.Choices = append(e.Choices, incident.Choice{
			Label: incident.Say{ID: "choice.run", Args: incident.Args{"line": line}}, Line: line,
		})
	}
	return c.offerText(e, false)
}

// bothReadings answers a verb whose arguments do not fit: how the verb is used,
// and what else the line may have been.
func (c *Invocation) bothReadings() error {
	if row := c.service.table.alone(c.body); row != nil {
		return c.howItIsUsed(row)
	}
	e := &incident.Error{Code: incident.Ask, Say: incident.Say{ID: "talk.misfit", Args: incident.Args{
		"verb": c.row.Words, "usage": strings.Join(c.row.Usage, "` or `"), "typed": c.body.Text(),
	}}}
	if c.row.takesNothing() {
		line := c.row.Words
		if c.number > 0 {
			line = incident.Key(c.number) + " " + line
		}
		e.Choices = append(e.Choices, incident.Choice{
			Label: incident.Say{ID: "choice.run", Args: incident.Args{"line": line}}, Line: line,
		})
	}
	return c.offerText(e, false)
}

// candidates are what a verb that stands alone may mean, by its stem.
var candidates = map[string]func(*Invocation) []incident.Choice{
	"handover": (*Invocation).whoCouldLead,
	"service":  (*Invocation).whatCouldBleed,
}

// howItIsUsed answers a verb that stands alone and needs more: no text is lost, so
// none is offered to be noted.
func (c *Invocation) howItIsUsed(row *Row) error {
	e := &incident.Error{Code: incident.Invalid, Say: incident.Say{ID: "talk.bare", Args: incident.Args{
		"verb": row.Words, "usage": strings.Join(row.Usage, "` or `"),
	}}}
	if own := row.Stem + ".bare"; c.service.Book.Has(own) {
		e.Say = incident.Say{ID: own, Args: incident.Args{"key": c.Incident.Key()}}
	}
	if offer, ok := candidates[row.Stem]; ok {
		e.Choices = offer(c)
	}
	if len(e.Choices) > 0 {
		e.Code = incident.Ask
	}
	return e
}

// keyBehind asks when a KEY is all that stands behind the verb, as in "resolve
// INC-7": taken as text, it would end the incident of this channel instead.
func (c *Invocation) keyBehind() error {
	w, after := c.rest.Next()
	number, ok := grammar.Key(w)
	if !ok || !after.Empty() || c.number > 0 || c.Request.Confirmed || c.row.Stem == "merge" || c.row.Scope == anywhere && c.row.Stem != "open" {
		return nil
	}
	line := incident.Key(number)
	if c.row.Stem != "open" {
		line += " " + c.row.Words
	}
	e := &incident.Error{
		Code: incident.Ask, Say: incident.Say{ID: "talk.key_behind", Args: incident.Args{"line": line}},
		Choices: []incident.Choice{{Label: incident.Say{ID: "choice.run", Args: incident.Args{"line": line}}, Line: line}},
	}
	if c.row.Change != nil {
		e.Choices = append(e.Choices, incident.Choice{
			Label: incident.Say{ID: "choice.as_text", Args: incident.Args{"text": c.rest.Text()}}, Line: c.body.Text(), Confirmed: true,
		})
	}
	return e
}

// takesNothing says that the verb makes sense without arguments.
func (r *Row) takesNothing() bool {
	for _, u := range r.Usage {
		if u == r.Words {
			return true
		}
	}
	return false
}

// offerText adds what a line may mean as text: a note where an incident is at
// hand or a note is surely meant, and an incident to open.
func (c *Invocation) offerText(e *incident.Error, note bool) error {
	id, err := c.here()
	if err != nil {
		return err
	}
	if note || id != "" || c.Incident != nil || c.number > 0 {
		line := "note -- " + c.body.Text()
		if c.number > 0 {
			line = incident.Key(c.number) + " " + line
		}
		e.Choices = append(e.Choices, incident.Choice{
			Label: incident.Say{ID: "choice.note_text", Args: incident.Args{"text": c.body.Text()}}, Line: line,
		})
	}
	e.Choices = append(e.Choices, openInstead(c.line.Text()))
	return e
}
