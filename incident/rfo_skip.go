package incident

// SkipRFO says that nobody writes an RFO for this incident, and why.
type SkipRFO struct{ Reason string }

// Verb is "rfo_skip".
func (SkipRFO) Verb() string { return "rfo_skip" }

// Needs nothing from outside.
func (SkipRFO) Needs() Needs { return Needs{} }

func (c SkipRFO) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if i.Life.Status != Resolved {
		return Decision{}, refuse(Conflict, "rfo_skip.not_resolved", "key", i.Key())
	}
	if err := needs(c.Reason, "rfo_skip.no_reason"); err != nil {
		return Decision{}, err
	}
	if k := i.Review.Skipped; k != nil {
		return Decision{}, refuse(Conflict, "rfo_skip.twice", "key", i.Key(), "by", k.By, "at", k.At, "reason", k.Text)
	}
	if n := len(i.Review.Published); n > 0 {
		return Decision{}, refuse(Conflict, "rfo_skip.published", "key", i.Key(), "at", i.Review.Published[n-1].At)
	}
	return Decision{
		Events: []Event{RFOSkipped(c)},
		Say:    say("rfo_skip.done", "key", i.Key(), "reason", c.Reason),
	}, nil
}

// RFOSkipped is the decision to write no RFO.
type RFOSkipped struct{ Reason string }

var _ = register[RFOSkipped]()

// Kind is "rfo.skipped".
func (RFOSkipped) Kind() string { return "rfo.skipped" }

// Line gives the reason.
func (e RFOSkipped) Line(names Names) string { return colon("no RFO", e.Reason, names) }

// Keys is the RFO.
func (RFOSkipped) Keys() []string { return []string{"rfo"} }

func (e RFOSkipped) apply(i *Incident, r Record) {
	i.Review.Skipped = &Edit{Text: e.Reason, By: r.Actor, At: r.At}
}
