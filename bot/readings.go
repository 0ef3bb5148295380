package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

// notUnderstood answers a line whose first word is no verb: the nearest verb, and the
// line as the title of an incident, are offered; neither runs by itself.
func (c *Call) notUnderstood() error {
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
	return c.offerText(e)
}

// bothReadings answers a verb whose arguments do not fit: how the verb is used,
// and what else the line may have been.
func (c *Call) bothReadings() error {
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
	return c.offerText(e)
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
// hand, an incident to open otherwise.
func (c *Call) offerText(e *incident.Error) error {
	id, err := c.here()
	if err != nil {
		return err
	}
	if id != "" || c.Incident != nil || c.number > 0 {
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
