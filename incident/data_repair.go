package incident

import (
	"slices"
	"strings"
	"time"
)

// RepairData answers the question that every clean-up asks: did the outage leave
// data behind that is wrong. What is to be repaired stays on the list of what is
// left until somebody says that it is done.
type RepairData struct {
	State RepairState
	Text  string // what is to be repaired; with RepairNone and RepairDone why, or how
}

// Verb is "data_repair".
func (RepairData) Verb() string { return "data_repair" }

// Needs nothing from outside.
func (RepairData) Needs() Needs { return Needs{} }

// RepairState is where the repair of data stands.
type RepairState string

// The answers to whether data has to be repaired; "" while nobody has said.
const (
	RepairNone   RepairState = "none"   // nothing to repair
	RepairNeeded RepairState = "needed" // and not done yet
	RepairDone   RepairState = "done"
)

// Repair is what is known of data to repair.
type Repair struct {
	State RepairState
	What  string // to repair
	By    PersonID
	At    time.Time
}

func (c RepairData) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	text := strings.TrimSpace(c.Text)
	if err := fits(text); err != nil {
		return Decision{}, err
	}
	now := i.Board.Repair
	switch {
	case c.State == RepairNeeded && text == "":
		return Decision{}, refuse(Invalid, "data_repair.empty")
	case c.State == RepairDone && now.State != RepairNeeded && now.State != RepairDone:
		return Decision{}, refuse(Conflict, "data_repair.nothing")
	case c.State == now.State && c.State != RepairNeeded:
		return Decision{}, refuse(Conflict, "data_repair.same", "state", string(now.State), "by", now.By, "at", now.At)
	}
	return Decision{
		Events: []Event{DataRepair{State: c.State, Text: text}},
		Say: say("data_repair.done", "key", i.Key(), "state", string(c.State), "text", text, "what", now.What,
			"left", i.leftBesideRepair()),
	}, nil
}

// leftBesideRepair is the rest of the clean-up while there is one: the answer takes
// the place of the one whose button was pressed, which listed it.
func (i *Incident) leftBesideRepair() []Args {
	if i.Life.Status != Mitigated {
		return nil
	}
	return lines(slices.DeleteFunc(i.leftToDo(), func(s Say) bool { return s.ID == "left.repair_unknown" || s.ID == "left.repair" }))
}

// DataRepair is what somebody said of data to repair.
type DataRepair struct {
	State RepairState
	Text  string `json:",omitempty"`
}

var _ = register[DataRepair]()

// Kind is "data.repair".
func (DataRepair) Kind() string { return "data.repair" }

// Line reads like "data to repair: orders without a payment".
func (e DataRepair) Line(names Names) string {
	switch e.State {
	case RepairNone:
		return colon("no data to repair", e.Text, names)
	case RepairDone:
		return colon("the data is repaired", e.Text, names)
	default:
		return colon("data to repair", e.Text, names)
	}
}

// Keys is the repair.
func (DataRepair) Keys() []string { return []string{"repair"} }

func (e DataRepair) apply(i *Incident, r Record) {
	repair := Repair{State: e.State, What: i.Board.Repair.What, By: r.Actor, At: r.At}
	if e.State == RepairNeeded {
		repair.What = e.Text
	}
	i.Board.Repair = repair
}
