package incident

import "time"

// AddNote puts a line on the timeline, now or at a past time.
type AddNote struct {
	Text string
	At   time.Time // zero for now
}

// Verb is "note".
func (AddNote) Verb() string { return "note" }

// Needs nothing from outside.
func (AddNote) Needs() Needs { return Needs{} }

func (c AddNote) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	if err := firstRefusal(needs(c.Text, "note.empty"), notInFuture(c.At, s)); err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{Noted(c)},
		Say:    say("note.done", "key", i.Key(), "id", EntryID(i.Head+1), "text", c.Text, "at", c.At),
	}, nil
}

// Noted is a line that a person wrote.
type Noted struct {
	Text string
	At   time.Time `json:",omitzero"`
}

var _ = register[Noted]()

// Kind is "noted".
func (Noted) Kind() string { return "noted" }

// Line is the note itself.
func (e Noted) Line(names Names) string { return PlainText(e.Text, names) }

// Keys is empty: nothing but the timeline changes.
func (Noted) Keys() []string { return nil }

func (e Noted) occurred() time.Time { return e.At }

func (Noted) apply(*Incident, Record) {}
