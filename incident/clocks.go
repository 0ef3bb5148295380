package incident

import (
	"slices"
	"time"
)

// Due is a moment at which Rollcall looks at the incident again. There is one
// row of each Kind and Key.
type Due struct {
	Kind string
	Key  string // of what it is about, such as "A1"; mostly empty
	At   time.Time
}

// clock is one kind of Due: when it is due, and what happens then. A verb that
// brings a clock registers it in its own file.
type clock struct {
	// due lists the moments that the present state asks for. It depends on
	// nothing but state and policy, so that undo, a changed configuration and a
	// restart need no care of their own.
	due func(*Incident, *Policy) []Due
	// fire decides what happens at the moment. It looks again whether there is
	// still a reason to speak, and records an event that moves or ends the
	// clock; no events means silence, and the clock is gone until the state changes.
	fire func(*Incident, Due, Stamp, Facts) (Decision, error)
}

var (
	clocks = map[string]clock{}
	// clockKinds are the kinds in order, and clocksInOrder their clocks: every command
	// lists what is due before and after.
	clockKinds    []string
	clocksInOrder []clock
)

// registerClock makes a kind of Due known. The result is only there so that it
// can stand in a package variable.
func registerClock(kind string, c clock) struct{} {
	clocks[kind] = c
	at, _ := slices.BinarySearch(clockKinds, kind)
	clockKinds, clocksInOrder = slices.Insert(clockKinds, at, kind), slices.Insert(clocksInOrder, at, c)
	return struct{}{}
}

// KnownClock says whether this program knows a kind of Due. Others are a newer
// program's, and left as they are.
func KnownClock(kind string) bool {
	_, ok := clocks[kind]
	return ok
}

// Dues lists every moment at which the incident has to be looked at again, in a
// fixed order.
func Dues(i *Incident, p *Policy) []Due { return AppendDues(nil, i, p) }

// AppendDues is Dues behind what is in a list already, whose room it uses: every
// command asks twice.
func AppendDues(dues []Due, i *Incident, p *Policy) []Due {
	if i.Head == 0 || i.Trace.Unreadable != "" {
		return dues
	}
	for _, c := range clocksInOrder {
		dues = append(dues, c.due(i, p)...)
	}
	return dues
}

// Fire is the command of a Due whose moment has come.
type Fire struct{ Due Due }

// Verb is "fire".
func (Fire) Verb() string { return "fire" }

// Needs nothing from outside.
func (Fire) Needs() Needs { return Needs{} }

func (c Fire) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	k, ok := clocks[c.Due.Kind]
	if !ok {
		// A newer program's, which one will take up.
		return Decision{}, refuse(Newer, "refuse.clock", "kind", c.Due.Kind)
	}
	return k.fire(i, c.Due, s, f)
}
