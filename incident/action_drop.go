package incident

// DropAction says that an action will not be done, and why. It no longer counts
// as one of MaxActions and stays in the RFO as considered and not done.
type DropAction struct {
	Number int
	Reason string
}

// Verb is "action_drop".
func (DropAction) Verb() string { return "action_drop" }

// Needs nothing from outside.
func (DropAction) Needs() Needs { return Needs{} }

func (c DropAction) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	a, err := i.openAction(c.Number)
	if err != nil {
		return Decision{}, err
	}
	if err := needs(c.Reason, "action_drop.no_reason", "id", a.ID()); err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{ActionDeprioritised(c)},
		Say:    say("action_drop.done", "key", i.Key(), "id", a.ID(), "text", a.Text, "left", i.OpenActions()-1),
	}, nil
}

// ActionDeprioritised is an action that will not be done.
type ActionDeprioritised struct {
	Number int
	Reason string
}

var _ = register[ActionDeprioritised]()

// Kind is "action.dropped".
func (ActionDeprioritised) Kind() string { return "action.dropped" }

// Line gives the reason.
func (e ActionDeprioritised) Line(names Names) string {
	return colon("action "+ActionID(e.Number)+" dropped", e.Reason, names)
}

// Keys is the action and the room that it leaves.
func (e ActionDeprioritised) Keys() []string { return []string{actionKey(e.Number), roomKey} }

func (e ActionDeprioritised) apply(i *Incident, r Record) {
	i.changeAction(e.Number, func(a *Action) {
		a.State, a.ClosedBy, a.ClosedAt, a.Reason = ActionDropped, r.Actor, r.At, e.Reason
	})
	i.Review.Outcome = r.At
}
