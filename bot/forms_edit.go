package bot

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// RFOQuestion is one question of an RFO for the editor on its page.
type RFOQuestion struct {
	incident.Question
	Ask  string // the question in words
	Fact string // what the log knows about it; "" for nothing
	// The answer that holds; all of it is zero while there is none. By is a name.
	Text, By string
	At       time.Time
	Seq      int64

	was func(seq int64) string
}

// Was is the text of the answer that has this number in the log, as the editor
// showed it; "" for none.
func (q RFOQuestion) Was(seq int64) string { return q.was(seq) }

// Same says whether two texts are the same answer: what browsers do to the ends of
// lines and texts is nobody's doing.
func (q RFOQuestion) Same(one, other string) bool { return typedText(one) == typedText(other) }

// RFOQuestions are the questions of an incident's RFO, for somebody who may see it.
// None are given to whoever may not answer them as the incident stands, with the
// reason as an *incident.Error.
func (s *Service) RFOQuestions(r *storage.Reader, who incident.PersonID, inc *incident.Incident) ([]RFOQuestion, error) {
	p, err := r.Person(who)
	if err != nil {
		return nil, err
	}
	c := &Invocation{service: s, Request: Request{Surface: SurfacePage}, Reader: r, Incident: inc}
	c.Stamp.At = s.Clock.Now()
	if c.Actor, err = s.person(r, p); err != nil {
		return nil, err
	}
	if err := incident.Allow(inc, incident.AnswerQuestion{}.Verb(), c.Actor); err != nil {
		return nil, err
	}
	facts, err := c.rfoFacts()
	if err != nil {
		return nil, err
	}
	all := make([]RFOQuestion, 0, len(incident.Questions))
	for _, q := range incident.Questions {
		one := RFOQuestion{Question: q, Ask: c.plain(q.Ask, inc.Asks(q).Args), was: func(seq int64) string { return c.shownAnswer(q.Name, seq) }}
		if id := "form.rfo_answer.fact." + q.Name; s.Book.Has(id) {
			one.Fact = c.plain(id, facts)
		}
		if a, answered := inc.Review.Answer(q.Name); answered {
			one.Text, one.By, one.At, one.Seq = incident.PlainText(a.Text, c.names()), c.names().Name(a.By), a.At, a.Seq
		}
		all = append(all, one)
	}
	return all, nil
}

// Refusal words a refusal for a page.
func (s *Service) Refusal(r *storage.Reader, e *incident.Error) string {
	c := &Invocation{service: s, Reader: r, Actor: s.self()}
	return c.plain(e.Say.ID, e.Say.Args)
}

// editForm is the name of the editor's form. Slack never opens it.
const editForm = "rfo edit"

// EditedRFO is the editor's form, sent: the texts by question, and the log's number
// of the answer that each of them was written over, 0 for none.
func EditedRFO(id incident.ID, texts map[string]string, over map[string]int64) (*Submitted, error) {
	marks := make([]string, 0, len(over))
	for question, seq := range over {
		marks = append(marks, mark(question, seq))
	}
	remembered, err := json.Marshal(meta{Incident: id, About: strings.Join(marks, " ")})
	// A draft: whoever sent it looks at the page, and nothing is said in a channel.
	return &Submitted{Name: editForm, Meta: string(remembered), Values: texts, Draft: true}, err
}

// readEdited makes answers of the texts that somebody changed. Each is refused when
// another answer holds than the one that it was written over.
func (c *Invocation) readEdited(f *Submitted, m meta) (incident.Command, error) {
	var cmd incident.AnswerQuestions
	for _, q := range incident.Questions {
		over := m.over(q.Name)
		text, sent := f.Values[q.Name]
		if text = typedText(text); !sent || text == typedText(c.shownAnswer(q.Name, over)) {
			continue
		}
		cmd.Answers = append(cmd.Answers, incident.AnswerQuestion{Question: q.Name, Text: text, Over: &over})
	}
	return cmd, nil
}

// shownAnswer is an answer as people read it.
func (c *Invocation) shownAnswer(question string, seq int64) string {
	a, _ := c.Incident.Review.AnswerNumbered(question, seq)
	return incident.PlainText(a.Text, c.names())
}

// over is the log's number of the answer that a form showed.
func (m meta) over(question string) int64 {
	_, seq, _ := strings.Cut(m.shown(question), "=")
	n, err := strconv.ParseInt(seq, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// mark is how a form remembers which answer it showed.
func mark(question string, seq int64) string { return question + "=" + strconv.FormatInt(seq, 10) }

// fieldLimit is what a field of a form in Slack holds, in UTF-16 units, which are
// never fewer than Slack's characters (docs.slack.dev, plain-text input).
const fieldLimit = 3000

// fitsField says whether a text can be edited in a field without losing its end.
func fitsField(text string) bool { return len(utf16.Encode([]rune(text))) <= fieldLimit }

// rfoPage is the page on which the RFO is read and edited, "" where there is none.
func (c *Invocation) rfoPage() string {
	if l := c.service.links; l != nil && l.Base != "" && l.SignIn {
		return pageURL(l.Base, c.Incident) + "/rfo"
	}
	return ""
}

// tooLong stands in the form for an answer that no field holds.
func (c *Invocation) tooLong(q incident.Question, field Field, text string) Field {
	length := len([]rune(text))
	field.Kind, field.Value, field.Page = ShownField, "", c.editLink()
	field.Hint = c.plain("form.rfo_answer.long", incident.Args{"length": length, "limit": fieldLimit, "question": q.Name, "page": field.Page.URL != ""})
	return field
}

// editLink leads to the editor.
func (c *Invocation) editLink() Link {
	if page := c.rfoPage(); page != "" {
		return Link{URL: page + "#answers", Label: c.plain("form.rfo_answer.page", nil)}
	}
	return Link{}
}
