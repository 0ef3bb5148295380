package incident

// AnswerAboutUpdate answers a question about an update; whoever asked gets the
// answer as a direct message.
type AnswerAboutUpdate struct {
	Entry int64 // of the question
	Text  string
}

// Verb is "update_answer".
func (AnswerAboutUpdate) Verb() string { return "update_answer" }

// Needs nothing from outside.
func (AnswerAboutUpdate) Needs() Needs { return Needs{} }

func (c AnswerAboutUpdate) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	q, ok := i.Log.Inquiry(c.Entry)
	switch {
	case !ok:
		return Decision{}, refuse(NotFound, "update_answer.unknown", "id", EntryID(c.Entry))
	case q.Answer != "":
		return Decision{}, refuse(Conflict, "update_answer.twice", "id", q.ID(), "by", q.AnsweredBy, "at", q.AnsweredAt, "answer", q.Answer)
	}
	if err := needs(c.Text, "update_answer.empty", "id", q.ID(), "question", q.Text); err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{UpdateAnswered(c)},
		Effects: []Effect{{
			Kind: Tell, People: []PersonID{q.By},
			Say: say("update_answer.tell", "key", i.Key(), "by", s.Actor, "question", q.Text, "text", c.Text),
		}},
		Say: say("update_answer.done", "who", q.By, "text", c.Text),
	}, nil
}

// UpdateAnswered is the answer to a question about an update.
type UpdateAnswered struct {
	Entry int64 // of the question
	Text  string
}

var _ = register[UpdateAnswered]()

// Kind is "update.answered".
func (UpdateAnswered) Kind() string { return "update.answered" }

// Line reads like "answered E12: on Thursday".
func (e UpdateAnswered) Line(names Names) string {
	return colon("answered "+EntryID(e.Entry), e.Text, names)
}

// Keys is the question.
func (e UpdateAnswered) Keys() []string { return []string{"question:" + EntryID(e.Entry)} }

func (UpdateAnswered) instead() string { return "instead.update_ask" }

func (e UpdateAnswered) apply(i *Incident, r Record) {
	for n := range i.Log.Inquiries {
		if q := &i.Log.Inquiries[n]; q.Seq == e.Entry {
			q.Answer, q.AnsweredBy, q.AnsweredAt = e.Text, r.Actor, r.At
		}
	}
}
