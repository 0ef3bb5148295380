package incident

import "strconv"

// The worst and the mildest severity.
const (
	WorstSeverity   = 1
	MildestSeverity = 4
)

// SetSeverity says how bad it is now. The worst it ever was is kept (Life.Peak).
type SetSeverity struct{ Level int }

// Verb is "severity".
func (SetSeverity) Verb() string { return "severity" }

// Needs nothing from outside.
func (SetSeverity) Needs() Needs { return Needs{} }

func (c SetSeverity) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	switch {
	case c.Level < WorstSeverity || c.Level > MildestSeverity:
		return Decision{}, refuse(Invalid, "severity.range", "worst", WorstSeverity, "mildest", MildestSeverity)
	case c.Level == i.Life.Severity:
		return Decision{}, refuse(Conflict, "severity.same", "key", i.Key(), "severity", c.Level)
	}
	return Decision{
		Events: []Event{SeverityChanged{From: i.Life.Severity, To: c.Level}},
		Say:    say("severity.done", "key", i.Key(), "severity", c.Level, "former", i.Life.Severity),
	}, nil
}

// SeverityChanged is a new severity.
type SeverityChanged struct{ From, To int }

var _ = register[SeverityChanged]()

// Kind is "severity.changed".
func (SeverityChanged) Kind() string { return "severity.changed" }

// Line reads like "severity sev3 to sev1".
func (e SeverityChanged) Line(Names) string {
	return "severity " + severityName(e.From) + " to " + severityName(e.To)
}

// Keys is the severity.
func (SeverityChanged) Keys() []string { return []string{"severity"} }

func (e SeverityChanged) apply(i *Incident, _ Record) {
	i.Life.Severity = e.To
	i.Life.Peak = min(i.Life.Peak, e.To)
}

// severityName spells a severity as people type it.
func severityName(s int) string { return "sev" + strconv.Itoa(s) }
