package incident

// MoveAction gives an action another date, with a reason.
type MoveAction struct {
	Number int
	Due    Civil
	Reason string
}

// Verb is "action_move".
func (MoveAction) Verb() string { return "action_move" }

// Needs nothing from outside.
func (MoveAction) Needs() Needs { return Needs{} }

func (c MoveAction) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	a, err := i.openAction(c.Number)
	if err != nil {
		return Decision{}, err
	}
	if err := firstRefusal(dateIn(c.Due, s, f), needs(c.Reason, "action_move.no_reason", "id", a.ID(), "due", c.Due)); err != nil {
		return Decision{}, err
	}
	// A date that is far away from the day on which the action was added has to be
	// explained; the date itself may stay.
	stays := c.Due == a.Due
	if stays && !late(a.Due, sprintLimit(Stamp{At: a.AddedAt}, f)) {
		return Decision{}, refuse(Conflict, "action_move.same", "id", a.ID(), "due", a.Due)
	}
	limit := sprintLimit(s, f)
	moves := a.Moved()
	if !stays {
		moves++
	}
	return Decision{
		Events: []Event{ActionMoved{Number: c.Number, From: a.Due, To: c.Due, Reason: c.Reason}},
		Say: say("action_move.done", "key", i.Key(), "id", a.ID(), "due", c.Due, "former", a.Due,
			"late", late(c.Due, limit), "limit", limit, "moves", moves, "stays", stays),
	}, nil
}

// ActionMoved is another date, or the reason for a date that is far away and stays.
type ActionMoved struct {
	Number   int
	From, To Civil
	Reason   string
}

var _ = register[ActionMoved]()

// Kind is "action.moved".
func (ActionMoved) Kind() string { return "action.moved" }

// Line reads like "action A1 moved from 2026-03-04 to 2026-03-11: waits for the vendor".
func (e ActionMoved) Line(names Names) string {
	if e.From == e.To {
		return colon("action "+ActionID(e.Number)+" stays due "+e.To.String(), e.Reason, names)
	}
	return colon("action "+ActionID(e.Number)+" moved from "+e.From.String()+" to "+e.To.String(), e.Reason, names)
}

// Keys is the action.
func (e ActionMoved) Keys() []string { return []string{actionKey(e.Number)} }

func (e ActionMoved) apply(i *Incident, r Record) {
	i.changeAction(e.Number, func(a *Action) {
		a.Moves = append(a.Moves, Move{From: e.From, To: e.To, Reason: e.Reason, By: r.Actor, At: r.At, Owner: a.Owner})
		a.Due = e.To
	})
}
