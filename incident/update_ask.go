package incident

import "time"

// Inquiry is what somebody who got an update asks the leader about it.
type Inquiry struct {
	Seq    int64 // E12 is 12
	Update int64
	Text   string
	By     PersonID
	At     time.Time

	Answer     string // empty while there is none
	AnsweredBy PersonID
	AnsweredAt time.Time
}

// ID is the question's short id, such as "E12".
func (q Inquiry) ID() string { return EntryID(q.Seq) }

// AskAboutUpdate puts one question to the leader, by direct message: whoever
// leads an outage has no time for a conversation with each who reads of it.
type AskAboutUpdate struct {
	Entry int64 // of the update
	Text  string
}

// Verb is "update_ask".
func (AskAboutUpdate) Verb() string { return "update_ask" }

// Needs nothing from outside.
func (AskAboutUpdate) Needs() Needs { return Needs{} }

func (c AskAboutUpdate) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	u, err := i.sentUpdate(c.Entry)
	if err := firstRefusal(err, needs(c.Text, "update_ask.empty", "id", EntryID(c.Entry))); err != nil {
		return Decision{}, err
	}
	to := i.inCharge()
	if i.Identity.Private { // a direct message outlives being a member of the channel
		return Decision{}, refuse(Conflict, "update_ask.private", "key", i.Key())
	}
	if to == s.Actor || to == System {
		return Decision{}, refuse(Conflict, "update_ask.leader", "key", i.Key())
	}
	for _, q := range i.Log.Inquiries {
		if q.By == s.Actor && q.Update == c.Entry {
			return Decision{}, refuse(Conflict, "update_ask.twice", "id", u.ID(), "question", q.Text, "leader", to, "answered", q.Answer != "")
		}
	}
	entry := i.Head + 1
	return Decision{
		Events: []Event{UpdateQuestioned{Entry: entry, Update: c.Entry, Text: c.Text}},
		Effects: []Effect{{
			Kind: Tell, People: []PersonID{to}, Choices: []Choice{choice("update_answer", "update answer "+EntryID(entry))},
			Say: say("update_ask.tell", "key", i.Key(), "id", u.ID(), "by", s.Actor, "text", c.Text, "question", EntryID(entry)),
		}},
		Say: say("update_ask.done", "leader", to, "text", c.Text),
	}, nil
}

// Inquiry finds a question about an update by its entry.
func (l Log) Inquiry(entry int64) (Inquiry, bool) {
	for _, q := range l.Inquiries {
		if q.Seq == entry {
			return q, true
		}
	}
	return Inquiry{}, false
}

// UpdateQuestioned is a question about an update.
type UpdateQuestioned struct {
	Entry  int64 // its own place in the log, which names it
	Update int64
	Text   string
}

var _ = register[UpdateQuestioned]()

// Kind is "update.questioned".
func (UpdateQuestioned) Kind() string { return "update.questioned" }

// Line reads like "asked about E9: when do refunds go out?".
func (e UpdateQuestioned) Line(names Names) string {
	return colon("asked about "+EntryID(e.Update), e.Text, names)
}

// Keys is the update.
func (e UpdateQuestioned) Keys() []string { return []string{updateKey(e.Update)} }

func (UpdateQuestioned) instead() string { return "instead.update_ask" }

func (e UpdateQuestioned) apply(i *Incident, r Record) {
	i.Log.Inquiries = append(i.Log.Inquiries, Inquiry{Seq: r.Seq, Update: e.Update, Text: e.Text, By: r.Actor, At: r.At})
}
