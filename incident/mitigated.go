package incident

import (
	"strings"
	"time"
)

// Mitigate says that users are well again; the cause may still be there. On an
// incident that is mitigated or resolved already it corrects the time.
type Mitigate struct {
	At   time.Time // zero for now
	Text string
}

// Verb is "mitigated".
func (Mitigate) Verb() string { return "mitigated" }

// Needs nothing from outside.
func (Mitigate) Needs() Needs { return Needs{} }

func (c Mitigate) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if err := firstRefusal(notInFuture(c.At, s), fits(c.Text)); err != nil {
		return Decision{}, err
	}
	if c.At.IsZero() && i.Life.Status != Open {
		if m, ok := i.Life.Latest(i.Life.Status); ok {
			return Decision{}, refuse(Conflict, "mitigated.twice", "key", i.Key(), "status", string(i.Life.Status), "by", m.By, "at", m.At)
		}
	}
	at := c.At
	if at.IsZero() {
		at = s.At
	}
	var notes []Effect
	if i.Life.Status == Open { // else only the time is corrected
		notes = i.notePager(noteMitigated, i.Head+1, f.Policy)
	}
	_, known := i.Review.CurrentImpact()
	_, detected := i.Stamps.Last(Detected)
	first := !i.Life.relieved() // a time that is corrected asks nothing again
	d := Decision{
		Events:  []Event{WasMitigated{At: c.At, Text: strings.TrimSpace(c.Text)}},
		Effects: notes,
		Choices: i.cleanUp(f.Policy),
		Say: say("mitigated.done", "key", i.Key(), "at", at, "correction", i.Life.Status != Open,
			"ask_impact", first && !known, "ask_detected", first && !detected && len(i.Leadership.Terms) == 0, "over", i.Life.Status == Resolved, "left", lines(i.leftToDo())),
	}
	if first && !known {
		d.Choices = append(d.Choices, choice("impact", "impact")) // its form: the answer has other buttons already
	}
	return d, nil
}

// cleanUp are the buttons that begin the clean-up: what everybody forgets to ask.
func (i *Incident) cleanUp(p *Policy) []Choice {
	if i.Life.Status != Open {
		return nil
	}
	var ways []Choice
	switch i.Board.Repair.State {
	case "":
		ways = append(ways, choice("repair_none", "repair none"), choice("repair", "repair"))
	case RepairNeeded:
		ways = append(ways, choice("repair_done", "repair done"))
	default: // settled
	}
	if p.Public.On && i.Log.Public.Unresolved() {
		ways = append(ways, choice("statuspage_write", "statuspage"))
	}
	return ways
}

// Latest is the last change to a status. Of several times given for one
// mitigation it is the last one given, which is the one that holds.
func (l Life) Latest(status Status) (Mark, bool) {
	for n := len(l.Marks) - 1; n >= 0; n-- {
		if l.Marks[n].Status == status {
			return l.Marks[n], true
		}
	}
	return Mark{}, false
}

// relieved says whether users were told to be well since it was last opened.
func (l Life) relieved() bool {
	for n := len(l.Marks) - 1; n >= 0 && l.Marks[n].Status != Open; n-- {
		if l.Marks[n].Status == Mitigated {
			return true
		}
	}
	return false
}

// mark records a change of status.
func (i *Incident) mark(status Status, text string, r Record) {
	i.Life.Status = status
	i.Life.Marks = append(i.Life.Marks, Mark{Status: status, At: r.Occurred, By: r.Actor, Text: text, Seq: r.Seq})
}

// WasMitigated is the time from which users were well.
type WasMitigated struct {
	At   time.Time `json:",omitzero"`
	Text string    `json:",omitempty"`
}

var _ = register[WasMitigated]()

// Kind is "mitigated".
func (WasMitigated) Kind() string { return "mitigated" }

// Line stands at the time from which users were well.
func (e WasMitigated) Line(names Names) string { return colon("mitigated", e.Text, names) }

// Keys is the status.
func (WasMitigated) Keys() []string { return []string{"status"} }

func (e WasMitigated) occurred() time.Time { return e.At }

// apply leaves a resolved incident resolved: the time was only told late.
func (e WasMitigated) apply(i *Incident, r Record) {
	status := i.Life.Status
	i.mark(Mitigated, e.Text, r)
	if status == Resolved {
		i.Life.Status = Resolved
	}
}
