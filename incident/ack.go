package incident

import "time"

// Acknowledge says when a person first reacted to the signal.
type Acknowledge struct {
	At time.Time // zero for now
}

// Verb is "ack".
func (Acknowledge) Verb() string { return "ack" }

// Needs nothing from outside.
func (Acknowledge) Needs() Needs { return Needs{} }

func (c Acknowledge) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if err := f.human(c); err != nil {
		return Decision{}, err
	}
	if err := notInFuture(c.At, s); err != nil {
		return Decision{}, err
	}
	// Without a time it cannot be a correction: the first reaction is there already.
	if p, ok := i.Stamps.Last(Acked); ok && c.At.IsZero() {
		return Decision{}, refuse(Conflict, "ack.twice", "key", i.Key(), "by", p.By, "at", p.At)
	}
	at := c.At
	if at.IsZero() {
		at = s.At
	}
	return Decision{
		Events: []Event{Acknowledged(c)},
		Say:    say("ack.done", "key", i.Key(), "at", at, "former", i.former(Acked)),
	}, nil
}

// Acknowledged is the first human reaction.
type Acknowledged struct {
	At time.Time `json:",omitzero"`
}

var _ = register[Acknowledged]()

// Kind is "acked".
func (Acknowledged) Kind() string { return "acked" }

// Line stands at the time of the reaction.
func (Acknowledged) Line(Names) string { return "first reaction" }

// Keys is the stamp.
func (Acknowledged) Keys() []string { return []string{stampKey(Acked)} }

func (e Acknowledged) occurred() time.Time { return e.At }

func (e Acknowledged) apply(i *Incident, r Record) {
	i.stamp(Acked, told(e.At, "ack", "", r))
}
