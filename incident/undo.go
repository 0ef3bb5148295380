package incident

import (
	"slices"
	"time"
)

// undoWindow is how long the same person can take a command back.
const undoWindow = 10 * time.Minute

// Undo takes back the actor's latest command that can be taken back.
type Undo struct{}

// Verb is "undo".
func (Undo) Verb() string { return "undo" }

// Needs nothing from outside.
func (Undo) Needs() Needs { return Needs{} }

func (Undo) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	steps := i.Trace.Recent
	at := -1
	for n := len(steps) - 1; n >= 0; n-- {
		if st := steps[n]; st.Actor == s.Actor && !st.Undone && s.Actor != System && st.Kind != (Undone{}).Kind() {
			at = n
			break
		}
	}
	if at < 0 || s.At.Sub(steps[at].At) > undoWindow {
		return Decision{}, refuse(Conflict, "undo.nothing", "minutes", int(undoWindow/time.Minute))
	}
	step := steps[at]
	if step.Instead != "" {
		return Decision{}, refuse(Conflict, "undo.permanent", "instead", Say{ID: step.Instead})
	}
	keys := append(slices.Clone(step.Keys), i.entriesOf(at)...)
	for _, later := range steps[at+1:] {
		// An undo counts for nothing: what it took back came later too, or it
		// would itself have been superseded.
		if !later.Undone && later.Kind != (Undone{}).Kind() && slices.ContainsFunc(later.Keys, func(k string) bool { return slices.Contains(keys, k) }) {
			return Decision{}, refuse(Conflict, "undo.superseded", "by", later.Actor, "at", later.At)
		}
	}
	return Decision{
		Events: []Event{Undone{Command: step.Command, Seq: step.Seq, Touched: step.Keys}},
		Say:    say("undo.done", "key", i.Key(), "id", EntryID(step.Seq), "at", step.At),
	}, nil
}

// entriesOf are the keys of the lines of a step, which others may have worded anew.
func (i *Incident) entriesOf(step int) []string {
	from, to := i.Trace.Recent[step].Seq, i.Head
	if step+1 < len(i.Trace.Recent) {
		to = i.Trace.Recent[step+1].Seq - 1
	}
	var keys []string
	for seq := from; seq <= to; seq++ {
		keys = append(keys, entryKey(seq))
	}
	return keys
}

// Undone takes a command back: folding the log again leaves its events out.
type Undone struct {
	Command CommandID
	Seq     int64    // of the first event taken back
	Touched []string // the keys that changed back
}

var _ = register[Undone]()

// Kind is "undone".
func (Undone) Kind() string { return "undone" }

// Line says which entry was taken back.
func (e Undone) Line(Names) string { return "took back " + EntryID(e.Seq) }

// Keys are those of what was taken back, so that its cards are drawn again.
func (e Undone) Keys() []string { return e.Touched }

func (Undone) instead() string { return "instead.undo" }

func (Undone) apply(*Incident, Record) {}

var undoHint = say("undo.hint", "minutes", int(undoWindow/time.Minute)) // nobody changes it

// UndoHint is the text that says how a decision can be taken back, or what to do
// instead where it cannot.
func (d Decision) UndoHint() Say {
	for _, e := range d.Events {
		if p, ok := e.(permanent); ok {
			return Say{ID: p.instead()}
		}
	}
	if len(d.Events) == 0 {
		return Say{}
	}
	return undoHint
}
