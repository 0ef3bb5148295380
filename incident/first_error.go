package incident

import (
	"strings"
	"time"
)

// SetFirstError says when the first error was seen by a machine: a log line, a
// metric, a failing check. The headline figure starts here.
type SetFirstError struct {
	At   time.Time
	Text string
}

// Verb is "first_error".
func (SetFirstError) Verb() string { return "first_error" }

// Needs nothing from outside.
func (SetFirstError) Needs() Needs { return Needs{} }

func (c SetFirstError) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	if c.At.IsZero() {
		return Decision{}, refuse(Invalid, "first_error.no_time")
	}
	if err := firstRefusal(notInFuture(c.At, s), fits(c.Text)); err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{FirstErrorSeen{At: c.At, Text: strings.TrimSpace(c.Text)}},
		Say:    say("first_error.done", "key", i.Key(), "at", c.At, "former", i.former(FirstSignal)),
	}, nil
}

// FirstErrorSeen is the time of the first error.
type FirstErrorSeen struct {
	At   time.Time
	Text string `json:",omitempty"`
}

var _ = register[FirstErrorSeen]()

// Kind is "first_error".
func (FirstErrorSeen) Kind() string { return "first_error" }

// Line stands at the time of the error.
func (e FirstErrorSeen) Line(names Names) string { return colon("first error", e.Text, names) }

// Keys is the stamp.
func (FirstErrorSeen) Keys() []string { return []string{stampKey(FirstSignal)} }

func (e FirstErrorSeen) occurred() time.Time { return e.At }

func (e FirstErrorSeen) apply(i *Incident, r Record) {
	i.stamp(FirstSignal, told(e.At, "first-error", e.Text, r))
}
