package bot

import (
	"time"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

// updateForm is prefilled with the draft that `brief` makes.
func (c *Invocation) updateForm() (Form, error) {
	draft, _, err := briefRow.Show(c)
	if err != nil {
		return Form{}, err
	}
	return c.blank("update", "", Field{
		ID: "text", Kind: TextField, Value: c.plain("form.update.draft", draft.Args), Fact: c.audienceFact(),
	})
}

// audienceFact says who will read an update, and that it is held first.
func (c *Invocation) audienceFact() string {
	audience := make([]incident.Args, 0)
	for _, who := range c.Incident.Audience(c.service.practice(c.Reader)) {
		audience = append(audience, incident.Args{"who": who})
	}
	return c.plain("form.update.fact", incident.Args{
		"audience": audience, "private": c.Incident.Identity.Private, "hold": incident.UpdateHold,
	})
}

// actionForm suggests a date one sprint from now.
func (c *Invocation) actionForm() (Form, error) {
	due := ""
	if sprint := c.service.Policy.Sprint; sprint > 0 {
		due = incident.CivilOf(c.Now().Add(sprint), c.Zone()).String()
	}
	return c.blank("action", "",
		Field{ID: "text", Kind: TextField},
		Field{ID: "who", Kind: PersonField},
		Field{ID: "due", Kind: DateField, Value: due},
		Field{ID: "done", Kind: LineField, Optional: true},
	)
}

func (c *Invocation) readAction(f *Submitted, _ meta) (incident.Command, error) {
	who, err := c.picked(f.Values["who"])
	if err != nil {
		return nil, err
	}
	cmd := incident.AddAction{Who: who, Text: typedText(f.Values["text"]), DoneWhen: typedText(f.Values["done"])}
	if day, err := time.Parse(time.DateOnly, f.Values["due"]); err == nil {
		cmd.Due = incident.CivilOf(day, time.UTC)
	}
	return cmd, nil
}

// editForm is prefilled with the line as it reads now.
func (c *Invocation) editForm() (Form, error) {
	w, _ := c.rest.Next()
	entry, _ := grammar.Entry(w)
	log, err := c.Reader.VisibleRecords(c.Actor.ID, c.Incident.ID, 1)
	if err != nil {
		return Form{}, err
	}
	id := incident.EntryID(entry)
	for _, l := range incident.Timeline(c.Incident, log, c.names()) {
		if l.Seq == entry {
			return c.blank("timeline edit", id, Field{ID: "text", Kind: TextField, Value: l.Text})
		}
	}
	return Form{}, &incident.Error{Code: incident.NotFound, Say: incident.Say{ID: "timeline_edit.no_line", Args: incident.Args{"id": id}}}
}
