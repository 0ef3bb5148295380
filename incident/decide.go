package incident

// MakeDecision records a decision of the leader.
type MakeDecision struct{ Text string }

// Verb is "decide".
func (MakeDecision) Verb() string { return "decide" }

// Needs nothing from outside.
func (MakeDecision) Needs() Needs { return Needs{} }

func (c MakeDecision) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if err := needs(c.Text, "decide.empty"); err != nil {
		return Decision{}, err
	}
	leader := i.Leadership.Leader
	if leader != System && leader != s.Actor {
		return Decision{}, refuse(Ask, "decide.not_leader", "key", i.Key(), "leader", leader).with(
			choice("decide_note", "note -- "+c.Text),
			choice("decide_deadlock", "deadlock "+c.Text, "leader", leader))
	}
	if n := len(i.Log.Decisions); n > 0 && i.Log.Decisions[n-1].Text == c.Text {
		last := i.Log.Decisions[n-1]
		return Decision{}, refuse(Conflict, "decide.twice", "id", EntryID(last.Seq), "by", last.By, "at", last.At)
	}
	entry := i.Head + 1
	return Decision{
		Events:  []Event{DecisionMade{Entry: entry, Text: c.Text}},
		Effects: i.notePager(noteDecided, entry, f.Policy),
		Say:     say("decide.done", "key", i.Key(), "id", EntryID(entry), "text", c.Text, "leaderless", leader == System),
	}, nil
}

// DecisionMade is a decision.
type DecisionMade struct {
	Entry int64 // its own place in the log, which names it
	Text  string
}

var _ = register[DecisionMade]()

// Kind is "decision.made".
func (DecisionMade) Kind() string { return "decision.made" }

// Line reads like "decided: roll everything back".
func (e DecisionMade) Line(names Names) string { return colon("decided", e.Text, names) }

// Keys is the decision.
func (e DecisionMade) Keys() []string { return []string{"decision:" + EntryID(e.Entry)} }

func (e DecisionMade) apply(i *Incident, r Record) {
	i.Log.Decisions = append(i.Log.Decisions, Decided{Seq: r.Seq, Text: e.Text, By: r.Actor, At: r.At})
}
