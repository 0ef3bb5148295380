package incident

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// AnswerLimit is the longest answer to a question of the RFO, in characters. It is
// more than Slack shows in one part of a message: answers stand in the document, and
// what a form in Slack cannot hold is edited on the page.
const AnswerLimit = 20_000

// Question is one question of the RFO that a person answers. Everything else in
// it comes from the log.
type Question struct {
	Name     string // as typed and as stored in Review.Answers
	Ask      string // the id of the text that asks it
	Required bool
}

// Questions are the questions in the order they are asked: the six that every
// RFO answers, then the optional ones. Not to be written to.
var Questions = []Question{
	{"summary", "question.summary", true},
	{"impact", "question.impact", true},
	{"detection", "question.detection", true},
	{"speed", "question.speed", true},
	{"cause", "question.cause", true},
	{"class", "question.class", true},
	{"fix", "question.fix", false},
	{"well", "question.well", false},
	{"hard", "question.hard", false},
	{"luck", "question.luck", false},
	{"rejected", "question.rejected", false},
	{"open", "question.open", false},
}

// QuestionNamed finds a question by its name, in any case.
func QuestionNamed(name string) (Question, bool) {
	for _, q := range Questions {
		if strings.EqualFold(q.Name, name) {
			return q, true
		}
	}
	return Question{}, false
}

// Asks words a question: what is known already is not asked for again.
func (i *Incident) Asks(q Question) Say { return say(q.Ask, "counted", i.Review.Counted()) }

// AnswerNumbered is the answer to a question that has this number in the log,
// whether or not it still holds.
func (r Review) AnswerNumbered(question string, seq int64) (Answer, bool) {
	all := r.Answers[question]
	if n := slices.IndexFunc(all, func(a Answer) bool { return a.Seq == seq }); n >= 0 {
		return all[n], true
	}
	return Answer{}, false
}

// Unanswered are the required questions that nobody has answered, in order.
func (r Review) Unanswered() []Question {
	var open []Question
	for _, q := range Questions {
		if _, ok := r.Answer(q.Name); q.Required && !ok {
			open = append(open, q)
		}
	}
	return open
}

// AnswerQuestion answers a question of the RFO. Earlier answers are kept.
type AnswerQuestion struct {
	Question string
	Text     string
	// Over is the log's number of the answer that its writer had before them, 0 when
	// there was none: it is then refused to replace another one. nil for a writer who
	// was shown nothing.
	Over *int64
}

// Verb is "rfo_answer".
func (AnswerQuestion) Verb() string { return "rfo_answer" }

// Needs nothing from outside.
func (AnswerQuestion) Needs() Needs { return Needs{} }

func (c AnswerQuestion) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	q, ok := QuestionNamed(c.Question)
	if !ok {
		return Decision{}, refuse(Invalid, "rfo_answer.unknown", "question", c.Question, "questions", questionNames())
	}
	before, answered := i.Review.Answer(q.Name)
	switch n := utf8.RuneCountInString(c.Text); {
	case strings.TrimSpace(c.Text) == "" && answered && c.Over != nil:
		return Decision{}, refuse(Invalid, "rfo_answer.emptied", "question", q.Name)
	case strings.TrimSpace(c.Text) == "":
		return Decision{}, refuse(Invalid, "rfo_answer.empty", "question", q.Name, "ask", i.Asks(q))
	case n > AnswerLimit:
		return Decision{}, refuse(Invalid, "rfo_answer.long", "limit", AnswerLimit, "length", n)
	}
	if answered && before.Text == c.Text { // a form sent again with only one field changed
		return Decision{Say: say("rfo_answer.same", "question", q.Name, "by", before.By, "at", before.At)}, nil
	}
	if c.Over != nil && *c.Over != before.Seq {
		return Decision{}, refuse(Conflict, "rfo_answer.newer", "answered", answered, "by", before.By, "at", before.At)
	}
	left := len(i.Review.Unanswered())
	if q.Required && !answered {
		left--
	}
	return Decision{
		Events: []Event{QuestionAnswered{Question: q.Name, Text: c.Text}},
		Say: say("rfo_answer.done", "key", i.Key(), "question", q.Name, "again", answered, "former", before.By,
			"left", left, "actions", len(i.Review.Kept())),
	}, nil
}

func questionNames() string {
	names := make([]string, 0, len(Questions))
	for _, q := range Questions {
		names = append(names, q.Name)
	}
	return strings.Join(names, ", ")
}

// QuestionAnswered is one answer.
type QuestionAnswered struct {
	Question string
	Text     string
}

var _ = register[QuestionAnswered]()

// Kind is "rfo.answered".
func (QuestionAnswered) Kind() string { return "rfo.answered" }

// Line is empty: answers stand in the RFO, not among what happened.
func (QuestionAnswered) Line(Names) string { return "" }

// Keys is the answer.
func (e QuestionAnswered) Keys() []string { return []string{"answer:" + e.Question} }

func (e QuestionAnswered) apply(i *Incident, r Record) {
	if i.Review.Answers == nil {
		i.Review.Answers = map[string][]Answer{}
	}
	i.Review.Answers[e.Question] = append(i.Review.Answers[e.Question], Answer{Text: e.Text, By: r.Actor, At: r.At, Seq: r.Seq})
}
