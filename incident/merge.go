package incident

// Merge says that the incident goes on in another one, which the actor can see.
// Nothing is copied: both logs stay as they are.
type Merge struct {
	Into      Brief
	Confirmed bool // whoever gives the command was asked
}

// Verb is "merge".
func (Merge) Verb() string { return "merge" }

// Needs nothing from outside.
func (Merge) Needs() Needs { return Needs{} }

func (c Merge) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	into := Key(c.Into.Number)
	switch {
	case c.Into.ID == i.ID || c.Into.Number == i.Identity.Number:
		return Decision{}, refuse(Invalid, "merge.itself", "key", i.Key())
	case c.Into.Status.Over():
		return Decision{}, refuse(Conflict, "merge.over", "key", i.Key(), "into", into, "status", string(c.Into.Status))
	case c.Into.Drill != i.Identity.Drill:
		return Decision{}, refuse(Conflict, "merge.drill", "key", i.Key(), "into", into, "drill", c.Into.Drill)
	case !c.Confirmed:
		return Decision{}, refuse(Ask, "merge.ask", "key", i.Key(), "into", into, "title", c.Into.Title).
			with(confirming("merge", "merge "+into, "key", into))
	}
	return Decision{
		Events:  append([]Event{WasMerged{Into: c.Into.ID, Number: c.Into.Number}}, i.stopHeld()...),
		Effects: []Effect{{Kind: Post, Say: say("merge.pointer", "key", i.Key(), "into", into)}},
		Say: say("merge.done", "key", i.Key(), "into", into, "stopped", len(i.Log.Held()),
			"tasks", len(i.Board.OpenTasks())),
	}, nil
}

// mergedInto is the key of the incident in which this one goes on; "" for none.
func (i *Incident) mergedInto() string {
	m, _ := i.Life.Latest(Merged)
	return m.Text
}

// WasMerged is the end of an incident that goes on in another.
type WasMerged struct {
	Into   ID
	Number int
}

var _ = register[WasMerged]()

// Kind is "merged".
func (WasMerged) Kind() string { return "merged" }

// Line points to the other one by its key; its title may be for fewer people.
func (e WasMerged) Line(Names) string { return "goes on in " + Key(e.Number) }

// Keys is the status and the RFO, which the other incident owes.
func (WasMerged) Keys() []string { return []string{"status", "rfo"} }

func (WasMerged) instead() string { return "instead.merge" }

func (e WasMerged) apply(i *Incident, r Record) {
	i.mark(Merged, Key(e.Number), r)
	i.Life.MergedTo = e.Into
}
