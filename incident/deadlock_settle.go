package incident

import "strings"

// SettleDeadlock is the leader's answer to a question; it is a decision.
type SettleDeadlock struct {
	Entry int64
	Text  string
}

// Verb is "deadlock_settle".
func (SettleDeadlock) Verb() string { return "deadlock_settle" }

// Needs nothing from outside.
func (SettleDeadlock) Needs() Needs { return Needs{} }

func (c SettleDeadlock) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	d, ok := i.Board.Deadlock(c.Entry)
	leader := i.Leadership.Leader
	switch {
	case !ok:
		return Decision{}, refuse(NotFound, "deadlock_settle.unknown", "id", EntryID(c.Entry))
	case d.Answer != "":
		return Decision{}, refuse(Conflict, "deadlock_settle.twice", "id", d.ID(), "answer", d.Answer, "by", d.AnsweredBy, "at", d.AnsweredAt)
	case leader != System && leader != s.Actor:
		return Decision{}, refuse(Forbidden, "deadlock_settle.not_leader", "id", d.ID(), "leader", leader)
	}
	text := strings.TrimSpace(d.Question) + " " + quote(strings.TrimSpace(c.Text))
	if err := firstRefusal(needs(c.Text, "deadlock_settle.empty", "id", d.ID()), fits(text)); err != nil {
		return Decision{}, err
	}
	return Decision{
		Events:  []Event{DeadlockSettled(c), DecisionMade{Entry: i.Head + 2, Text: text}},
		Effects: i.notePager(noteDecided, i.Head+2, f.Policy),
		Say: say("deadlock_settle.done", "key", i.Key(), "id", EntryID(i.Head+2), "question", d.Question, "answer", c.Text,
			"asker", d.By, "leaderless", leader == System),
	}, nil
}

// Deadlock finds a question by its entry.
func (b Board) Deadlock(entry int64) (Deadlock, bool) {
	for _, d := range b.Deadlocks {
		if d.Seq == entry {
			return d, true
		}
	}
	return Deadlock{}, false
}

// DeadlockSettled is a question that was answered.
type DeadlockSettled struct {
	Entry int64
	Text  string
}

var _ = register[DeadlockSettled]()

// Kind is "deadlock.settled".
func (DeadlockSettled) Kind() string { return "deadlock.settled" }

// Line is empty: the decision that comes with it says both question and answer.
func (DeadlockSettled) Line(Names) string { return "" }

// Keys is the question.
func (e DeadlockSettled) Keys() []string { return []string{deadlockKey(e.Entry)} }

func (e DeadlockSettled) apply(i *Incident, r Record) {
	i.changeDeadlock(e.Entry, func(d *Deadlock) { d.Answer, d.AnsweredBy, d.AnsweredAt = e.Text, r.Actor, r.At })
}
