package incident

import "errors"

// AnswerQuestions answers several questions of the RFO at once, as a form does.
// An answer that says what the present one says changes nothing.
type AnswerQuestions struct {
	Answers []AnswerQuestion
	// What is asked during the incident, and in the form only while nobody has told
	// it; nil for what is not told here either.
	Found *SetDetected
	Hit   *SetImpact
}

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
	told, err := c.facts(i, s, f)
	if err != nil {
		return Decision{}, err
	}
	d.Events = append(d.Events, told...)
	if len(d.Events) == 0 {
		return Decision{}, refuse(Invalid, "rfo_answer.nothing")
	}
	left := 0
	for _, q := range i.Review.Unanswered() {
		if !fresh[q.Name] {
			left++
		}
	}
	d.Say = say("rfo_answer.several", "key", i.Key(), "questions", list(names), "found", c.Found != nil, "hit", c.Hit != nil, "replaced", list(replaced),
		"left", left, "actions", len(i.Review.Kept()))
	return d, nil
}

// facts are the events of what is told beside the answers.
func (c AnswerQuestions) facts(i *Incident, s Stamp, f Facts) ([]Event, error) {
	var events []Event
	if c.Found != nil {
		d, err := c.Found.decide(i, s, f)
		if err != nil {
			return nil, err
		}
		events = append(events, d.Events...)
	}
	if c.Hit != nil {
		d, err := c.Hit.decide(i, s, f)
		if err != nil {
			return nil, err
		}
		events = append(events, d.Events...)
	}
	return events, nil
}

// firstAnswer says which of the answers was refused.
func firstAnswer(err error, a AnswerQuestion) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	return refuse(e.Code, "rfo_answer.refused", "question", a.Question, "why", e.Say)
}
