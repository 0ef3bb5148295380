package bot

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
)

// form is how a verb is asked for in a modal, and what becomes of it when it is
// sent: the same command that the line would give.
type form struct {
	stem, words string
	anywhere    bool
	picks       bool              // its field "incident" says which one
	also        bool              // the line that opens it is carried out as well
	main        string            // the field that errors stand beside
	places      map[string]string // for some texts another field
	prepare     func(*Invocation)
	open        func(*Invocation) (Form, error)
	read        func(*Invocation, *Submitted, meta) (incident.Command, error)
	// again draws the form anew after what was in it was saved; nil for forms that
	// only close.
	again func(*Invocation, Answer, meta) (Form, error)
}

// newForms are the forms, by the words of their row.
func newForms() map[string]form {
	forms := map[string]form{
		"open": {
			stem: "open", words: "open", anywhere: true, main: "title", prepare: (*Invocation).mintForm, open: (*Invocation).openForm, read: (*Invocation).readOpen,
			places: map[string]string{"form.open.bad_service": "service"},
		},
		"update": {stem: "update", words: "update", main: "text", open: (*Invocation).updateForm, read: func(_ *Invocation, f *Submitted, _ meta) (incident.Command, error) {
			return incident.SendUpdate{Text: typedText(f.Values["text"])}, nil
		}},
		"task": {
			stem: "task_add", words: "task", main: "text", open: (*Invocation).taskForm, read: (*Invocation).readTask,
			places: map[string]string{"refuse.person.unknown": "who", "refuse.person.bot": "who", "refuse.person.inactive": "who"},
		},
		"impact": {stem: "impact", words: "impact", main: "text", open: (*Invocation).impactForm, read: (*Invocation).readImpact, places: map[string]string{
			"talk.problem": "amount", "form.impact.unread": "amount", "impact.unit": "amount", "impact.range": "amount", "impact.percent": "amount",
		}},
		"action": {stem: "action_add", words: "action", main: "text", open: (*Invocation).actionForm, read: (*Invocation).readAction, places: map[string]string{
			"action_add.no_person": "who", "refuse.person.unknown": "who", "refuse.person.bot": "who", "refuse.person.inactive": "who",
			"action_add.no_date": "due", "action_add.bad_date": "due", "action_add.past": "due",
		}},
		"timeline edit": {
			stem: "timeline_edit", words: "timeline edit", main: "text", open: (*Invocation).editForm,
			read: func(_ *Invocation, f *Submitted, m meta) (incident.Command, error) {
				entry, _ := grammar.Entry(word(m.About))
				return incident.EditEntry{Entry: entry, Text: typedText(f.Values["text"])}, nil
			},
		},
		"share pin": {
			stem: "pin", words: "pin", picks: true, main: "text", open: func(c *Invocation) (Form, error) { return c.shareForm("share pin") },
			read: (*Invocation).readShared, places: map[string]string{"talk.unknown": "incident"},
		},
		"share task": {
			stem: "task_add", words: "task", picks: true, main: "text", open: func(c *Invocation) (Form, error) { return c.shareForm("share task") },
			read: (*Invocation).readSharedTask, places: map[string]string{"talk.unknown": "incident"},
		},
		"rfo anyway": {
			stem: "rfo_publish", words: "rfo anyway", main: "reason", open: (*Invocation).anywayForm,
			read: func(c *Invocation, f *Submitted, _ meta) (incident.Command, error) {
				return c.publishing(true, typedText(f.Values["reason"]))
			},
		},
		"rfo answer": {
			stem: "rfo_answer", words: "rfo answer", main: incident.Questions[0].Name, open: (*Invocation).rfoForm, read: (*Invocation).readRFO,
			again: (*Invocation).rfoFormAgain, places: map[string]string{
				"form.impact.unread": fieldAmount, "impact.unit": fieldAmount, "impact.range": fieldAmount, "impact.percent": fieldAmount, "talk.problem": fieldAmount,
			},
		},
		editForm: {stem: "rfo_answer", words: "rfo answer", main: incident.Questions[0].Name, open: (*Invocation).rfoForm, read: (*Invocation).readEdited},
		"rfo write-customer": {
			stem: "rfo_customer", words: "rfo write-customer", main: "summary", open: (*Invocation).customerForm, read: (*Invocation).readCustomer,
		},
		"repair": {stem: "data_repair", words: "repair", main: "text", open: (*Invocation).repairForm, read: readRepair},
	}
	maps.Copy(forms, updateForms())
	maps.Copy(forms, noticeForms())
	return forms
}

// row is the row that a sent form runs.
func (f form) row(m meta) *Row {
	r := &Row{Stem: f.stem, Words: f.words, Scope: inIncident, Prepare: f.prepare}
	if f.anywhere {
		r.Scope = anywhere
	}
	r.Change = func(c *Invocation) (incident.Command, error) { return f.read(c, c.Request.Form, m) }
	return r
}

// place is the field that an error stands beside.
func (f form) place(why string) string {
	if field, ok := f.places[why]; ok {
		return field
	}
	return f.main
}

// beside is the field as the form that was sent has one.
func (f form) beside(m meta, field string) string {
	if f.again == nil {
		return field
	}
	return m.beside(field)
}

// typedText is what somebody typed into a field: everything in it is text.
func typedText(raw string) string { return grammar.Typed(raw).Text() }

func word(raw string) grammar.Word {
	w, _ := grammar.Typed(raw).Next()
	return w
}

// blank is a form with its texts, whose names begin with "form." and the form's own.
func (c *Invocation) blank(name, about string, fields ...Field) (Form, error) {
	m := meta{Channel: c.Request.From.Channel, About: about}
	args := incident.Args{}
	if c.Incident != nil {
		m.Incident = c.Incident.ID
		args["key"] = c.Incident.Key()
	}
	remembered, err := json.Marshal(m)
	if err != nil {
		return Form{}, err
	}
	id := "form." + strings.ReplaceAll(name, " ", "_") + "."
	f := Form{
		Name: name, Meta: string(remembered), Title: c.plain(id+"title", args), Submit: c.plain(id+"submit", nil),
		Line: c.plain(id+"line", incident.Args{"about": about}), Fields: fields,
	}
	for n := range f.Fields {
		field := &f.Fields[n]
		if field.Label == "" {
			field.Label = c.plain(id+field.ID, nil)
		}
		if field.Hint == "" && c.service.Book.Has(id+field.ID+".hint") {
			field.Hint = c.plain(id+field.ID+".hint", nil)
		}
	}
	return f, nil
}

// plain words a text for a place that shows no markup.
func (c *Invocation) plain(id string, args incident.Args) string {
	return c.service.Book.Text(incident.Say{ID: id, Args: args}, say.Plain{Who: c.names(), Zone: c.Zone()})
}

func (c *Invocation) openForm() (Form, error) {
	levels := make([]Option, 0, 4)
	for level := 1; level <= 4; level++ {
		levels = append(levels, Option{strconv.Itoa(level), c.plain("form.open.level", incident.Args{"level": level})})
	}
	title, fact := "", ""
	var from []Field
	if m := c.Request.Message; m != nil {
		text, err := c.messageText(Message{Text: m.Text})
		if err != nil {
			return Form{}, err
		}
		first, _, _ := strings.Cut(incident.PlainText(text, c.names()), "\n")
		title, fact = shorten(first, titleLength), c.plain("form.open.from", nil)
		if text, err = c.messageText(*m); err != nil {
			return Form{}, err
		}
		from = []Field{{ID: "message", Kind: TextField, Optional: true, Value: incident.PlainText(text, c.names())}}
	}
	f, err := c.blank("open", "", append([]Field{
		{ID: "title", Label: c.plain("form.open.what", nil), Kind: LineField, Value: title, Fact: fact},
		{ID: "severity", Kind: PickField, Options: levels, Value: strconv.Itoa(c.service.Policy.DefaultSeverity)},
		{ID: "readers", Kind: PickField, Value: "all", Options: []Option{
			{"all", c.plain("form.open.all", nil)}, {"private", c.plain("form.open.private", nil)},
		}},
		{ID: "service", Kind: LineField, Optional: true},
	}, from...)...)
	if m := c.Request.Message; err == nil && m != nil {
		var remembered []byte
		remembered, err = json.Marshal(meta{Channel: c.Request.From.Channel, About: m.id(), Author: m.User})
		f.Meta = string(remembered)
	}
	return f, err
}

// titleLength is how much of a message becomes the title that is offered.
const titleLength = 120

// mintForm makes the call link before anything else happens.
func (c *Invocation) mintForm() {
	c.plan = c.service.Calls.Plan(calls.Ask{Private: c.Request.Form.Values["readers"] == "private"})
}

func (c *Invocation) readOpen(f *Submitted, m meta) (incident.Command, error) {
	cmd := incident.OpenIncident{
		Title: typedText(f.Values["title"]), Private: f.Values["readers"] == "private",
		Call: planned(c.plan), Rooms: c.plan.Rooms,
	}
	cmd.Severity, _ = strconv.Atoi(f.Values["severity"]) // 0 stands for the configured one
	for _, name := range strings.FieldsFunc(f.Values["service"], func(r rune) bool { return r == ',' || r == ' ' }) {
		service, ok := grammar.ServiceName(word(name))
		if !ok {
			return nil, &incident.Error{Code: incident.Invalid, Say: incident.Say{ID: "form.open.bad_service", Args: incident.Args{"name": name}}}
		}
		cmd.Services = append(cmd.Services, service)
	}
	if m.About == "" || typedText(f.Values["message"]) == "" { // whoever took it out of the form does not want it there
		return cmd, nil
	}
	message := Message{}
	message.setID(m.About)
	cmd.From = &incident.PinMessage{Message: message.id(), Text: typedText(f.Values["message"]), At: message.at()}
	var err error
	if cmd.From.Author, err = c.picked(m.Author); err != nil {
		return nil, err
	}
	return cmd, nil
}

func (c *Invocation) taskForm() (Form, error) {
	return c.blank("task", "", Field{ID: "text", Kind: TextField}, Field{ID: "who", Kind: PersonField, Optional: true})
}

func (c *Invocation) readTask(f *Submitted, _ meta) (incident.Command, error) {
	who, err := c.picked(f.Values["who"])
	return incident.AddTask{Text: typedText(f.Values["text"]), Owner: who}, err
}

// picked is the person that was picked; System for nobody.
func (c *Invocation) picked(slackID string) (incident.PersonID, error) {
	if slackID == "" {
		return incident.System, nil
	}
	return c.personOf(slackID)
}

func (c *Invocation) impactForm() (Form, error) {
	now, _ := c.Incident.Review.CurrentImpact()
	return c.blank("impact", "",
		Field{ID: "amount", Kind: LineField, Optional: true, Value: now.Amount()},
		Field{ID: "text", Kind: TextField, Optional: true, Value: incident.PlainText(now.Text, c.names())},
	)
}

func (c *Invocation) readImpact(f *Submitted, _ meta) (incident.Command, error) {
	text := typedText(f.Values["text"])
	if strings.TrimSpace(f.Values["amount"]) == "" {
		return incident.SetImpact{Text: text}, nil
	}
	q, rest, err := grammar.Impact(grammar.Typed(f.Values["amount"]))
	if err != nil {
		return nil, err
	}
	if q.Unit == "" || !rest.Empty() {
		return nil, &incident.Error{Code: incident.Invalid, Say: incident.Say{ID: "form.impact.unread", Args: incident.Args{
			"typed": f.Values["amount"], "units": strings.Join(grammar.Units, ", "),
		}}}
	}
	return incident.SetImpact{Low: q.Low, High: q.High, Unit: q.Unit, About: q.About, HasNumber: true, Text: text}, nil
}
