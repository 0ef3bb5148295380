package incident

import "errors"

// AnswerQuestions answers several questions of the RFO at once, as a form does.
// An answer that says what the present one says changes nothing.
type AnswerQuestions struct{ Answers []AnswerQuestion }

// Verb is "rfo_answer".
func (AnswerQuestions) Verb() string { return AnswerQuestion{}.Verb() }

// Needs nothing from outside.
func (AnswerQuestions) Needs() Needs { return Needs{} }

func (c AnswerQuestions) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	var d Decision
	var names, replaced []string
	fresh := map[string]bool{}
	for _, a := range c.Answers {
		one, err := a.decide(i, s, f)
		if err != nil {
			return Decision{}, firstAnswer(err, a)
		}
		if len(one.Events) == 0 {
			continue
		}
		d.Events = append(d.Events, one.Events...)
		names = append(names, a.Question)
		if _, answered := i.Review.Answer(a.Question); answered {
			replaced = append(replaced, a.Question)
		}
		fresh[a.Question] = true
	}
	if len(d.Events) == 0 {
		return Decision{}, refuse(Invalid, "rfo_answer.nothing")
	}
	left := 0
	for _, q := range i.Review.Unanswered() {
		if !fresh[q.Name] {
			left++
		}
	}
	d.Say = say("rfo_answer.several", "key", i.Key(), "questions", list(names), "replaced", list(replaced),
		"left", left, "actions", len(i.Review.Kept()))
	return d, nil
}

// firstAnswer says which of the answers was refused.
func firstAnswer(err error, a AnswerQuestion) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	return refuse(e.Code, "rfo_answer.refused", "question", a.Question, "why", e.Say)
}
