package incident

// LeaveToPrivate ends a public incident that goes on in a private copy, and says
// nothing of the copy but that there is something: it owes no RFO and is left out
// of the figures. What PagerDuty has of it goes on there: it is not over.
type LeaveToPrivate struct{}

// Verb is "private_leave".
func (LeaveToPrivate) Verb() string { return "private_leave" }

// Needs nothing from outside.
func (LeaveToPrivate) Needs() Needs { return Needs{} }

func (LeaveToPrivate) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	return Decision{
		Events:  append([]Event{WentElsewhere{}}, i.stopHeld()...),
		Effects: []Effect{{Kind: Post, Say: say("private.left", "key", i.Key())}},
		Say:     say("private.left", "key", i.Key()),
	}, nil
}

// WentElsewhere is the end of a public incident that goes on in private.
type WentElsewhere struct{}

var _ = register[WentElsewhere]()

// elsewhere is the reason that readers of the public incident are given.
const elsewhere = "work on it goes on elsewhere"

// Kind is "elsewhere".
func (WentElsewhere) Kind() string { return "elsewhere" }

// Line says nothing of where.
func (WentElsewhere) Line(Names) string { return "closed: " + elsewhere }

// Keys is the status and the RFO, which the copy owes.
func (WentElsewhere) Keys() []string { return []string{"status", "rfo"} }

func (WentElsewhere) instead() string { return "instead.private" }

func (WentElsewhere) apply(i *Incident, r Record) {
	i.mark(Cancelled, elsewhere, r)
	i.Life.Reason = elsewhere
}
