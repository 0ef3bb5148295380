package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Form is a modal: another way of giving the command that Line gives in one line.
type Form struct {
	Name   string // of what it becomes when it is sent
	Meta   string // opaque ids: which incident, which entry, where it was asked for
	Title  string // plain, at most 24 characters
	Submit string // of the button, at most 24
	Intro  string // plain; "" for none
	Line   string // the same in one line, plain
	Fields []Field
	Draft  string // of the button that saves and leaves the form open, at most 75; "" for none
	Note   string // beside that button: what became of it, plain
	Page   Link   // where the same is done in a browser
}

// Link leads to a page. The zero value leads nowhere.
type Link struct{ URL, Label string }

// FieldKind says what a field takes.
type FieldKind string

// The kinds of fields.
const (
	LineField   FieldKind = "line"
	TextField   FieldKind = "text" // several lines
	PickField   FieldKind = "pick" // one of Options
	PersonField FieldKind = "person"
	DateField   FieldKind = "date" // 2026-03-04
	// ShownField takes nothing: its label, its hint and its page are shown.
	ShownField FieldKind = "shown"
)

// Field is one thing to fill in. All its texts are plain.
type Field struct {
	ID       string
	Label    string
	Hint     string
	Fact     string // what is known already, shown above it
	Kind     FieldKind
	Value    string // as it is prefilled; of a PersonField Slack's id
	Options  []Option
	Optional bool
	Page     Link // of a ShownField: where it is edited
}

// Option is one choice of a PickField.
type Option struct{ Value, Label string }

// Submitted is a form that was sent.
type Submitted struct {
	Name   string
	Meta   string
	Values map[string]string // by field; a field that was left empty is missing
	Was    map[string]string // what a field was prefilled with

	Draft bool   // it stays open, and is drawn anew in View
	View  string // Slack's id of the form as it is open
}

// changed are the fields in which somebody typed.
func (f Submitted) changed(id string) (string, bool) {
	v := f.Values[id]
	return v, v != f.Was[id]
}

// meta is what a form remembers. Ids only: Slack shows it to nobody, but it is no
// place for what somebody typed. What the sender may do is looked up when it comes back.
type meta struct {
	Incident incident.ID `json:"i,omitempty"`
	Channel  string      `json:"c,omitempty"` // where it was asked for, and is answered
	About    string      `json:"a,omitempty"` // an entry, or a message
	Author   string      `json:"u,omitempty"` // Slack's id of whoever wrote the message
}

// viewTime bounds the call that opens a form: Slack takes it for three seconds
// after somebody pressed or typed something.
const viewTime = 2500 * time.Millisecond

// formOf finds the form for a line that names a verb and nothing else.
func (s *Service) formOf(req Request, r reading) (form, bool) {
	if s.OpenForm == nil || req.Trigger == "" || r.row == nil {
		return form{}, false
	}
	f, ok := s.forms[r.row.Words]
	if !ok {
		return form{}, false
	}
	rest := r.rest
	if r.row.ID != 0 {
		_, rest = rest.Next()
	}
	return f, rest.Empty()
}

// ask opens a form beside the answer. What keeps somebody from using the verb is
// said at once; a form that Slack does not open is answered with the line to type.
func (s *Service) ask(ctx context.Context, req Request, r reading, f form) Answer {
	c := &Invocation{service: s, Request: req, reading: r}
	c.Stamp.At = s.Clock.Now()
	var a Answer
	var shown Form
	err := s.Store.Read(ctx, func(reader *storage.Reader) error {
		c.Reader = reader
		var err error
		if shown, err = c.asked(f); err == nil {
			return nil
		}
		if e, ok := refusal(err); ok {
			a, err = c.refused(e)
		}
		return err
	})
	switch {
	case err != nil:
		return s.unread(c, err)
	case a.Kind != "":
		return s.deliver(ctx, c, a)
	}
	if f.also { // before the form: what it is about must not go on meanwhile
		if a = s.change(ctx, req, r); a.Kind != Done {
			return a
		}
		go s.openForm(context.WithoutCancel(ctx), req, shown)
		return a
	}
	go s.openForm(context.WithoutCancel(ctx), req, shown)
	return Answer{Kind: Silent}
}

func (c *Invocation) asked(f form) (Form, error) {
	if err := c.identify(); err != nil {
		return Form{}, err
	}
	if f.anywhere || f.picks {
		if err := incident.May(f.stem, c.Actor); err != nil {
			return Form{}, err
		}
	} else {
		if err := c.find(); err != nil {
			return Form{}, err
		}
		if err := incident.Allow(c.Incident, f.stem, c.Actor); err != nil {
			return Form{}, err
		}
	}
	return f.open(c)
}

// openForm shows a form, or says how to do without.
func (s *Service) openForm(ctx context.Context, req Request, f Form) {
	inTime, cancel := context.WithTimeout(ctx, viewTime)
	defer cancel()
	err := s.OpenForm(inTime, req.Trigger, f)
	if err == nil {
		return
	}
	s.Log.WarnContext(ctx, "a form could not be opened", "form", f.Name, "error", err)
	if s.Warn == nil {
		return
	}
	to := ReplyTo{Channel: req.From.Channel, User: req.From.User, Thread: req.From.Thread}
	if req.ReplyTo != nil {
		to = *req.ReplyTo
		to.Replace = false
	}
	args := incident.Args{"line": f.Line}
	for _, field := range f.Fields {
		if field.Kind == TextField && field.Value != "" && len(f.Fields) == 1 {
			args["typed"] = field.Value
		}
	}
	s.warn(ctx, to, Answer{Kind: Refused, Text: s.Book.Text(incident.Say{ID: "form.failed", Args: args}, say.Slack{Who: nobody{}})})
}

// nobody knows nobody: for texts in which there are no people.
type nobody struct{}

// Name is "somebody".
func (nobody) Name(incident.PersonID) string { return "somebody" }

// SlackID is empty.
func (nobody) SlackID(incident.PersonID) string { return "" }

// sent carries out a form that was sent. What is refused is said beside a field
// and the form stays open, with all that was typed in it.
func (s *Service) sent(ctx context.Context, req Request) Answer {
	var m meta
	f, known := s.forms[req.Form.Name]
	if json.Unmarshal([]byte(req.Form.Meta), &m) != nil || !known {
		return Answer{Kind: Refused, Text: "old form", Fields: map[string]string{
			req.Form.anyField(): "This form is of another version of Rollcall. Copy what you typed and open it again.",
		}}
	}
	req.Incident, req.From.Channel = m.Incident, m.Channel
	if f.picks {
		req.Incident = incident.ID(cmp.Or(req.Form.Values["incident"], "none"))
	}
	req.Confirmed = f.stem == "open" // a form is no slip of the hand
	if req.Form.Draft {
		return s.keep(ctx, req, f, m)
	}
	req.ReplyTo = &ReplyTo{Channel: m.Channel, User: req.From.User}
	a := s.run(ctx, req, f.row(m))
	if a.Kind == NotSaved {
		a.Text = formNotSaved
	}
	if a.Kind == Refused || a.Kind == NotSaved {
		a.Fields = map[string]string{f.beside(m, cmp.Or(a.field, f.place(a.why))): a.Text}
	}
	return a
}

// formNotSaved is said in a form, in which nothing is lost.
const formNotSaved = "NOT saved: the database did not take it. What you typed is still here. Try again in a moment."

// anyField is some field of the form: errors have to stand beside one.
func (f *Submitted) anyField() string {
	for id := range f.Values {
		return id
	}
	for id := range f.Was {
		return id
	}
	return "text"
}
