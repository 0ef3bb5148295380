package incident

import "time"

// deadlockWait is how long a question to the leader may stay unanswered before
// they are reminded, once.
const deadlockWait = 5 * time.Minute

// RaiseDeadlock puts a question to the leader that others cannot agree on.
type RaiseDeadlock struct{ Question string }

// Verb is "deadlock".
func (RaiseDeadlock) Verb() string { return "deadlock" }

// Needs nothing from outside.
func (RaiseDeadlock) Needs() Needs { return Needs{} }

func (c RaiseDeadlock) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	if err := needs(c.Question, "deadlock.empty"); err != nil {
		return Decision{}, err
	}
	leader := i.Leadership.Leader
	if leader != System && leader == s.Actor {
		return Decision{}, refuse(Conflict, "deadlock.leader", "key", i.Key())
	}
	for _, d := range i.Board.Deadlocks {
		if d.Answer == "" && sameWords(d.Question, c.Question) {
			return Decision{}, refuse(Conflict, "deadlock.twice", "id", d.ID(), "by", d.By, "at", d.At)
		}
	}
	entry := i.Head + 1
	return Decision{
		Events:  []Event{DeadlockRaised{Entry: entry, Question: c.Question}},
		Effects: []Effect{i.deadlockPost("deadlock.ask", Deadlock{Seq: entry, Question: c.Question, By: s.Actor, At: s.At})},
		Say: say("deadlock.done", "key", i.Key(), "id", EntryID(entry), "question", c.Question, "leader", leader,
			"wait", deadlockWait),
	}, nil
}

// deadlockPost puts a question before the leader, or before everybody while
// nobody leads.
func (i *Incident) deadlockPost(id string, d Deadlock) Effect {
	e := Effect{
		Kind: Post,
		Say:  say(id, "key", i.Key(), "id", d.ID(), "question", d.Question, "by", d.By, "at", d.At, "leader", i.Leadership.Leader),
		Choices: []Choice{
			choice("deadlock_yes", "deadlock settle "+d.ID()+" yes"),
			choice("deadlock_no", "deadlock settle "+d.ID()+" no"),
		},
	}
	if i.Leadership.Leader == System {
		e.Choices = append(e.Choices, choice("lead_me", "lead me"))
	}
	return e
}

// changeDeadlock changes a question in place.
func (i *Incident) changeDeadlock(entry int64, change func(*Deadlock)) {
	for n := range i.Board.Deadlocks {
		if i.Board.Deadlocks[n].Seq == entry {
			change(&i.Board.Deadlocks[n])
		}
	}
}

func deadlockKey(entry int64) string { return "deadlock:" + EntryID(entry) }

// waits says whether a question still waits for its first reminder.
func (d Deadlock) waits() bool { return d.Answer == "" && !d.Reminded }

var _ = registerClock("deadlock", clock{
	due: func(i *Incident, _ *Policy) []Due {
		var dues []Due
		for _, d := range i.Board.Deadlocks {
			if d.waits() && !i.Life.Status.Over() {
				dues = append(dues, Due{Kind: "deadlock", Key: d.ID(), At: d.At.Add(deadlockWait)})
			}
		}
		return dues
	},
	fire: func(i *Incident, due Due, s Stamp, _ Facts) (Decision, error) {
		for _, d := range i.Board.Deadlocks {
			if d.ID() == due.Key && d.waits() && !i.Life.Status.Over() && !s.At.Before(d.At.Add(deadlockWait)) {
				return Decision{
					Events:  []Event{DeadlockReminded{Entry: d.Seq}},
					Effects: []Effect{i.deadlockPost("deadlock.remind", d)},
				}, nil
			}
		}
		return Decision{}, nil
	},
})

// DeadlockRaised is a question to the leader.
type DeadlockRaised struct {
	Entry    int64 // its own place in the log, which names it
	Question string
}

var _ = register[DeadlockRaised]()

// Kind is "deadlock.raised".
func (DeadlockRaised) Kind() string { return "deadlock.raised" }

// Line reads like "question to the leader: fail over to the other region?".
func (e DeadlockRaised) Line(names Names) string {
	return colon("question to the leader", e.Question, names)
}

// Keys is the question.
func (e DeadlockRaised) Keys() []string { return []string{deadlockKey(e.Entry)} }

func (e DeadlockRaised) apply(i *Incident, r Record) {
	i.Board.Deadlocks = append(i.Board.Deadlocks, Deadlock{Seq: r.Seq, Question: e.Question, By: r.Actor, At: r.At})
}

// DeadlockReminded is a reminder of a question.
type DeadlockReminded struct{ Entry int64 }

var _ = register[DeadlockReminded]()

// Kind is "deadlock.reminded".
func (DeadlockReminded) Kind() string { return "deadlock.reminded" }

// Line is empty: a reminder is no fact of the incident.
func (DeadlockReminded) Line(Names) string { return "" }

// Keys is empty: nothing that is shown changes.
func (DeadlockReminded) Keys() []string { return nil }

func (e DeadlockReminded) apply(i *Incident, _ Record) {
	i.changeDeadlock(e.Entry, func(d *Deadlock) { d.Reminded = true })
}
