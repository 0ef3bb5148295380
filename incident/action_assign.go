package incident

// AssignAction gives an action to another person and leaves its date as it is.
type AssignAction struct {
	Number int
	Who    PersonID
}

// Verb is "action_assign".
func (AssignAction) Verb() string { return "action_assign" }

// Needs to know the person.
func (c AssignAction) Needs() Needs { return Needs{People: named(c.Who)} }

func (c AssignAction) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	a, err := i.openAction(c.Number)
	if err != nil {
		return Decision{}, err
	}
	if c.Who == System {
		return Decision{}, refuse(Invalid, "action_assign.no_person", "id", a.ID())
	}
	if err := f.person(c.Who); err != nil {
		return Decision{}, err
	}
	if c.Who == a.Owner {
		return Decision{}, refuse(Conflict, "action_assign.same", "id", a.ID(), "owner", a.Owner)
	}
	return Decision{
		Events:  []Event{ActionAssigned{Number: c.Number, From: a.Owner, To: c.Who}},
		Say:     say("action_assign.done", "key", i.Key(), "id", a.ID(), "owner", c.Who, "former", a.Owner, "due", a.Due),
		Effects: tellOwner(i, s, c.Who, "action_add.yours", a.ID(), a.Due, a.Text),
	}, nil
}

// ActionAssigned is an action that another person has now.
type ActionAssigned struct {
	Number   int
	From, To PersonID
}

var _ = register[ActionAssigned]()

// Kind is "action.assigned".
func (ActionAssigned) Kind() string { return "action.assigned" }

// Line reads like "action A1 given to Ana (was Ben's)".
func (e ActionAssigned) Line(names Names) string {
	return "action " + ActionID(e.Number) + " given to " + names.Name(e.To) + " (was " + names.Name(e.From) + "'s)"
}

// Keys is the action.
func (e ActionAssigned) Keys() []string { return []string{actionKey(e.Number)} }

func (e ActionAssigned) apply(i *Incident, _ Record) {
	i.changeAction(e.Number, func(a *Action) { a.Owner, a.Orphan = e.To, false })
}
