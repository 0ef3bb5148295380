package incident

// FinishAction says that an action is done.
type FinishAction struct{ Number int }

// Verb is "action_done".
func (FinishAction) Verb() string { return "action_done" }

// Needs nothing from outside.
func (FinishAction) Needs() Needs { return Needs{} }

func (c FinishAction) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	a, err := i.openAction(c.Number)
	if err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{ActionFinished{Number: c.Number}},
		Say: say("action_done.done", "key", i.Key(), "id", a.ID(), "text", a.Text, "donewhen", a.DoneWhen,
			"left", i.OpenActions()-1),
	}, nil
}

// openAction finds an action that is still to do.
func (i *Incident) openAction(number int) (Action, error) {
	a, ok := i.Review.Action(number)
	switch {
	case !ok:
		return a, refuse(NotFound, "action_done.unknown", "key", i.Key(), "id", ActionID(number))
	case a.State == ActionDone:
		return a, refuse(Conflict, "action_done.already", "id", a.ID(), "by", a.ClosedBy, "at", a.ClosedAt)
	case a.State == ActionDropped:
		return a, refuse(Conflict, "action_done.dropped", "id", a.ID(), "by", a.ClosedBy, "at", a.ClosedAt, "reason", a.Reason)
	}
	return a, nil
}

// OpenActions counts what is still to be done of the actions.
func (i *Incident) OpenActions() int {
	n := 0
	for _, a := range i.Review.Actions {
		if a.State == ActionOpen {
			n++
		}
	}
	return n
}

// ActionFinished is an action that is done.
type ActionFinished struct {
	Number    int
	Elsewhere bool `json:",omitempty"` // its issue in the tracker was closed
}

var _ = register[ActionFinished](func(body []byte) ([]byte, error) { return body, nil }) // since 2 with elsewhere

// Kind is "action.done".
func (ActionFinished) Kind() string { return "action.done" }

// Line reads like "action A1 done".
func (e ActionFinished) Line(Names) string {
	line := "action " + ActionID(e.Number) + " done"
	if e.Elsewhere {
		line += ": its issue was closed"
	}
	return line
}

// Keys is the action.
func (e ActionFinished) Keys() []string { return []string{actionKey(e.Number)} }

func (e ActionFinished) apply(i *Incident, r Record) {
	i.changeAction(e.Number, func(a *Action) { a.State, a.ClosedBy, a.ClosedAt = ActionDone, r.Actor, r.At })
	i.Review.Outcome = r.At
}
