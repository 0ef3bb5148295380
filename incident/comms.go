package incident

import "time"

// TellCustomers says that customers were told something: a status page, a mail.
type TellCustomers struct {
	At   time.Time // zero for now
	Text string    // what they were told
}

// Verb is "comms".
func (TellCustomers) Verb() string { return "comms" }

// Needs nothing from outside.
func (TellCustomers) Needs() Needs { return Needs{} }

func (c TellCustomers) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	if err := firstRefusal(notInFuture(c.At, s), needs(c.Text, "comms.empty")); err != nil {
		return Decision{}, err
	}
	at := c.At
	if at.IsZero() {
		at = s.At
	}
	return Decision{
		Events: []Event{CustomersTold(c)},
		Say:    say("comms.done", "key", i.Key(), "at", at, "first", i.isFirstComms(at)),
	}, nil
}

// isFirstComms says whether customers were told nothing before that time.
func (i *Incident) isFirstComms(at time.Time) bool {
	p, ok := i.Stamps.Last(FirstComms)
	return !ok || at.Before(p.At)
}

// CustomersTold is one message to customers.
type CustomersTold struct {
	At   time.Time `json:",omitzero"`
	Text string
}

var _ = register[CustomersTold]()

// Kind is "comms".
func (CustomersTold) Kind() string { return "comms" }

// Line is what customers were told.
func (e CustomersTold) Line(names Names) string { return colon("customers were told", e.Text, names) }

// Keys is the stamp.
func (CustomersTold) Keys() []string { return []string{stampKey(FirstComms)} }

func (e CustomersTold) occurred() time.Time { return e.At }

// apply keeps the earliest: the second message to customers corrects nothing.
func (e CustomersTold) apply(i *Incident, r Record) {
	if p := told(e.At, "comms", e.Text, r); i.isFirstComms(p.At) {
		i.stamp(FirstComms, p)
	}
}
