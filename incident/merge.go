package incident

// Merge says that the incident goes on in another one, which the actor can see
// and has confirmed. Nothing is copied: both logs stay as they are.
type Merge struct {
	Into   ID
	Number int // of Into
}

// Verb is "merge".
func (Merge) Verb() string { return "merge" }

// Needs nothing from outside.
func (Merge) Needs() Needs { return Needs{} }

func (c Merge) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if c.Into == i.ID || c.Number == i.Identity.Number {
		return Decision{}, refuse(Invalid, "merge.itself", "key", i.Key())
	}
	return Decision{
		Events:  append([]Event{WasMerged(c)}, i.stopHeld()...),
		Effects: []Effect{{Kind: Post, Say: say("merge.pointer", "key", i.Key(), "into", Key(c.Number))}},
		Say: say("merge.done", "key", i.Key(), "into", Key(c.Number), "stopped", len(i.Log.Held()),
			"tasks", len(i.Board.OpenTasks())),
	}, nil
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
	i.mark(Merged, "", r)
	i.Life.MergedTo = e.Into
}
