package incident

// EscalateAction gives an action to somebody who can get it done, with a date of
// their own.
type EscalateAction struct {
	Number int
	Who    PersonID
	Due    Civil
}

// Verb is "action_escalate".
func (EscalateAction) Verb() string { return "action_escalate" }

// Needs to know the person.
func (c EscalateAction) Needs() Needs { return Needs{People: named(c.Who)} }

func (c EscalateAction) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	a, err := i.openAction(c.Number)
	if err != nil {
		return Decision{}, err
	}
	if c.Who == System {
		return Decision{}, refuse(Invalid, "action_escalate.no_person", "id", a.ID())
	}
	if err := firstRefusal(f.person(c.Who), dateIn(c.Due, s, f)); err != nil {
		return Decision{}, err
	}
	if c.Who == a.Owner {
		return Decision{}, refuse(Conflict, "action_escalate.same", "id", a.ID(), "owner", a.Owner, "due", c.Due)
	}
	return Decision{
		Events: []Event{ActionEscalated{Number: c.Number, From: a.Owner, To: c.Who, FromDue: a.Due, Due: c.Due}},
		Say: say("action_escalate.done", "key", i.Key(), "id", a.ID(), "owner", c.Who, "former", a.Owner,
			"due", c.Due),
		Effects: tellOwner(i, s, c.Who, "action_escalate.yours", a.ID(), c.Due, a.Text),
	}, nil
}

// ActionEscalated is an action that another person has now.
type ActionEscalated struct {
	Number   int
	From, To PersonID
	FromDue  Civil
	Due      Civil
}

var _ = register[ActionEscalated]()

// Kind is "action.escalated".
func (ActionEscalated) Kind() string { return "action.escalated" }

// Line reads like "action A1 escalated from Ben to Ana, by 2026-03-11".
func (e ActionEscalated) Line(names Names) string {
	return "action " + ActionID(e.Number) + " escalated from " + names.Name(e.From) + " to " + names.Name(e.To) + ", by " + e.Due.String()
}

// Keys is the action.
func (e ActionEscalated) Keys() []string { return []string{actionKey(e.Number)} }

func (e ActionEscalated) apply(i *Incident, r Record) {
	i.changeAction(e.Number, func(a *Action) {
		a.Moves = append(a.Moves, Move{From: e.FromDue, To: e.Due, By: r.Actor, At: r.At, Owner: e.To})
		a.Owner, a.Due, a.Orphan = e.To, e.Due, false
	})
	i.Review.Outcome = r.At
}
