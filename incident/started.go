package incident

import "time"

// SetStarted says when a user could first be affected, which may be long before
// anybody knew.
type SetStarted struct{ At time.Time }

// Verb is "started".
func (SetStarted) Verb() string { return "started" }

// Needs nothing from outside.
func (SetStarted) Needs() Needs { return Needs{} }

func (c SetStarted) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	if c.At.IsZero() {
		return Decision{}, refuse(Invalid, "started.no_time")
	}
	if err := notInFuture(c.At, s); err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{ImpactBegan(c)},
		Say:    say("started.done", "key", i.Key(), "at", c.At, "former", i.former(ImpactStart)),
	}, nil
}

// ImpactBegan is the time at which impact began.
type ImpactBegan struct{ At time.Time }

var _ = register[ImpactBegan]()

// Kind is "started".
func (ImpactBegan) Kind() string { return "started" }

// Line stands at the time at which impact began.
func (ImpactBegan) Line(Names) string { return "impact began" }

// Keys is the stamp.
func (ImpactBegan) Keys() []string { return []string{stampKey(ImpactStart)} }

func (e ImpactBegan) occurred() time.Time { return e.At }

func (e ImpactBegan) apply(i *Incident, r Record) {
	i.stamp(ImpactStart, told(e.At, "started", "", r))
}
