package incident

import (
	"slices"
	"strconv"
)

// Overlay is what people wrote into a section of an exported RFO: the section as
// it was written then, and as they left it. Every later edition carries it.
type Overlay struct {
	Section string
	Base    string `json:",omitempty"`
	Text    string `json:",omitempty"`
}

// TakeRFO takes edits of an exported RFO back.
type TakeRFO struct {
	Overlays []Overlay
	From     string // whose copy it was, in words
}

// Verb is "rfo_take".
func (TakeRFO) Verb() string { return "rfo_take" }

// Needs nothing from outside.
func (TakeRFO) Needs() Needs { return Needs{} }

func (c TakeRFO) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if len(c.Overlays) == 0 {
		return Decision{Say: say("rfo_take.nothing", "key", i.Key())}, nil
	}
	return Decision{
		Events: []Event{RFOTaken(c)},
		Say:    say("rfo_take.done", "key", i.Key(), "count", len(c.Overlays), "from", c.From),
	}, nil
}

// RFOTaken are edits that were taken back.
type RFOTaken struct {
	Overlays []Overlay
	From     string
}

var _ = register[RFOTaken]()

// Kind is "rfo.taken".
func (RFOTaken) Kind() string { return "rfo.taken" }

// Line reads like "took edits of 2 parts of the RFO back, made in the published file".
func (e RFOTaken) Line(Names) string {
	parts := strconv.Itoa(len(e.Overlays)) + " parts"
	if len(e.Overlays) == 1 {
		parts = "one part"
	}
	return "took edits of " + parts + " of the RFO back, made in " + e.From
}

// Keys is the RFO.
func (RFOTaken) Keys() []string { return []string{"rfo"} }

func (e RFOTaken) apply(i *Incident, _ Record) {
	for _, o := range e.Overlays {
		all := slices.DeleteFunc(slices.Clone(i.Review.Paper.Overlays), func(old Overlay) bool { return old.Section == o.Section })
		if o.Text != o.Base {
			all = append(all, o)
		}
		i.Review.Paper.Overlays = all
	}
}
