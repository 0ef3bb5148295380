package bot

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// What a shortcut on a message does with it, as Request.Text beside Message.
const (
	PinVerb  = "pin"
	TaskVerb = "task"
)

// shareForms are the forms that ask before a message from elsewhere is shown to
// those who see an incident, by what becomes of it.
var shareForms = map[string]string{PinVerb: "share pin", TaskVerb: "share task"}

// onMessage carries out a shortcut on a message. In an incident's channel it is
// done at once; from elsewhere only after a form that says who will read it.
func (s *Service) onMessage(ctx context.Context, req Request) Answer {
	var here incident.ID
	err := s.Store.Read(ctx, func(r *storage.Reader) error {
		c := Invocation{service: s, Request: req, Reader: r}
		if err := c.identify(); err != nil {
			return err
		}
		var err error
		here, err = c.here()
		return err
	})
	if _, refused := refusal(err); err != nil && !refused { // a refusal is worded below, in the one way
		return s.failed(&Invocation{Request: req}, err)
	}
	row := pinRow(*req.Message)
	if req.Text == TaskVerb {
		row = taskFromRow(*req.Message)
	}
	if here != "" || s.OpenForm == nil {
		req.Incident = here
		return s.run(ctx, req, row)
	}
	return s.ask(ctx, req, reading{row: &Row{Stem: row.Stem, Words: row.Words, Scope: anywhere}}, s.forms[shareForms[req.Text]])
}

// shareForm asks which incident a message is for, and says who will read it.
func (c *Invocation) shareForm(name string) (Form, error) {
	open, err := c.Reader.VisibleOpen(c.Actor.ID)
	if err != nil {
		return Form{}, err
	}
	if len(open) == 0 {
		return Form{}, &incident.Error{Code: incident.NotFound, Say: incident.Say{ID: "form.share.none"}}
	}
	m := *c.Request.Message
	text, err := c.messageText(m)
	if err != nil {
		return Form{}, err
	}
	pick := Field{ID: "incident", Kind: PickField, Label: c.plain("form.share.incident", nil)}
	for _, b := range open[:min(len(open), maxPicked)] {
		id := "form.share.all"
		if b.Private {
			id = "form.share.members"
		}
		pick.Options = append(pick.Options, Option{string(b.ID), c.plain(id, incident.Args{"key": incident.Key(b.Number), "title": shorten(b.Title, labelText)})})
	}
	if len(open) == 1 {
		pick.Value = string(open[0].ID)
	}
	f, err := c.blank(name, m.id(), pick, Field{
		ID: "text", Kind: TextField, Label: c.plain("form.share.text", nil), Hint: c.plain("form.share.text.hint", nil),
		Value: incident.PlainText(text, c.names()),
	})
	if err != nil {
		return f, err
	}
	f.Intro = c.plain("form.share.intro", incident.Args{"several": len(open) > 1})
	remembered, err := json.Marshal(meta{Channel: c.Request.From.Channel, About: m.id(), Author: m.User})
	f.Meta = string(remembered)
	return f, err
}

// maxPicked is how many choices Slack takes in one field.
const maxPicked = 100

// readShared is the message as it stands in the form: what was confirmed is what
// is kept, without a link into a place that most readers cannot see.
func (c *Invocation) readShared(f *Submitted, m meta) (incident.Command, error) {
	message := Message{}
	message.setID(m.About)
	cmd := incident.PinMessage{Message: message.id(), Text: typedText(f.Values["text"]), At: message.at()}
	var err error
	cmd.Author, err = c.picked(m.Author)
	return cmd, err
}

func (c *Invocation) readSharedTask(f *Submitted, _ meta) (incident.Command, error) {
	return incident.AddTask{Text: typedText(f.Values["text"])}, nil
}

// messageVerbs are the shortcuts on messages that are no verbs of the table.
var messageVerbs = []string{PinVerb, TaskVerb}

// onAMessage says whether a request is one of these.
func (r Request) onAMessage() bool { return r.Message != nil && slices.Contains(messageVerbs, r.Text) }
