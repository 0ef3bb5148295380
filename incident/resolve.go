package incident

import (
	"slices"
	"strings"
	"time"
)

// Resolve says that it is over. Nothing that is left open keeps it from being
// over; it is listed.
type Resolve struct{ Text string }

// Verb is "resolve".
func (Resolve) Verb() string { return "resolve" }

// Needs nothing from outside.
func (Resolve) Needs() Needs { return Needs{} }

func (c Resolve) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if err := fits(c.Text); err != nil {
		return Decision{}, err
	}
	if m, ok := i.Life.Latest(Resolved); ok && i.Life.Status == Resolved {
		return Decision{}, refuse(Conflict, "resolve.twice", "key", i.Key(), "by", m.By, "at", m.At)
	}
	e := WasResolved{Text: strings.TrimSpace(c.Text), Owner: i.reviewer()}
	left := lines(i.LeftOpen())
	d := Decision{
		Events: []Event{e},
		Say:    say("resolve.done", "key", i.Key(), "owner", e.Owner, "left", left),
	}
	d.endPublicly(i, f.Policy)
	if e.Owner != System {
		tell := say("resolve.owner", "key", i.Key(), "title", i.Identity.Title, "due", reviewDue(i, s, f.Policy), "left", lines(i.leftToDo()),
			"missing", lines(append(i.leftToTell(), i.leftToWrite()...)))
		if i.Identity.Private { // whoever writes it up may not be in the channel
			tell.Args["title"], tell.Args["left"] = "", []Args(nil)
		}
		effect := Effect{Kind: Tell, People: []PersonID{e.Owner}, Say: tell}
		if len(i.Review.Unanswered()) > 0 {
			effect.Choices = []Choice{choice("rfo_answer", "rfo answer")}
		}
		d.Effects = append(d.Effects, effect)
	}
	d.Effects = append(d.Effects, i.closePager(f.Policy)...)
	d.Effects = append(d.Effects, i.score()...)
	return d, nil
}

// reviewer is who writes the RFO: whoever was named for it, else the leader,
// else whoever opened the incident.
func (i *Incident) reviewer() PersonID {
	for _, p := range []PersonID{i.Review.Owner, i.Leadership.Leader, i.Identity.Opener} {
		if p != System {
			return p
		}
	}
	return System
}

// reviewDue is when the RFO is due, by severity; zero when the policy says nothing.
func reviewDue(i *Incident, s Stamp, p *Policy) time.Time {
	if within := p.Severities[i.Life.Severity].RFOWithin; within > 0 {
		return s.At.Add(within)
	}
	return time.Time{}
}

// lines turns texts into a list to range over, each as "what".
func lines(says []Say) []Args {
	list := make([]Args, 0, len(says))
	for _, one := range says {
		list = append(list, Args{"what": one})
	}
	return list
}

// LeftOpen says what is still to do: the work of the response first, then what
// the RFO cannot be written without.
func (i *Incident) LeftOpen() []Say {
	return append(i.leftToDo(), i.leftToTell()...)
}

func (i *Incident) leftToDo() []Say {
	var tasks, services, customers []string
	for _, t := range i.Board.OpenTasks() {
		tasks = append(tasks, t.ID())
	}
	for _, s := range i.Board.Services {
		if !s.Settled() {
			services = append(services, s.Name)
		}
	}
	for _, c := range i.Board.Customers {
		if !c.Told {
			customers = append(customers, c.Name)
		}
	}
	var left []Say
	for _, of := range []struct {
		id   string
		list []string
	}{{"left.tasks", tasks}, {"left.services", services}, {"left.rollbacks", i.unsettledRollbacks("")}, {"left.customers", customers}} {
		if n := len(of.list); n > 0 {
			left = append(left, say(of.id, "n", n, "of", len(i.Board.Customers), "list", strings.Join(of.list, ", ")))
		}
	}
	switch i.Board.Repair.State {
	case "":
		left = append(left, say("left.repair_unknown"))
	case RepairNeeded:
		left = append(left, say("left.repair", "what", i.Board.Repair.What))
	default: // settled
	}
	return left
}

func (i *Incident) leftToTell() []Say {
	var left []Say
	need := func(missing bool, id string) {
		if missing {
			left = append(left, say(id))
		}
	}
	_, detected := i.Stamps.Last(Detected)
	_, first := i.Stamps.Last(FirstSignal)
	impact, _ := i.Review.CurrentImpact()
	need(!i.Life.relieved(), "left.mitigated")
	need(!detected, "left.detected")
	need(!first, "left.first_error")
	need(impact.Unit == "", "left.impact")
	need(!slices.ContainsFunc(i.Review.Actions, func(a Action) bool { return a.State != ActionDropped }), "left.actions")
	return left
}

// leftToWrite is what the RFO still needs of whoever writes it.
func (i *Incident) leftToWrite() []Say {
	var left []Say
	open := i.Review.Unanswered()
	names := make([]string, 0, len(open))
	for _, q := range open {
		names = append(names, q.Name)
	}
	if len(names) > 0 {
		left = append(left, say("left.answers", "n", len(names), "list", list(names)))
	}
	var nobody, undated []string
	for _, a := range i.Review.Actions {
		if a.State != ActionOpen {
			continue
		}
		if a.Orphan || a.Owner == System {
			nobody = append(nobody, a.ID())
		}
		if a.Due == (Civil{}) {
			undated = append(undated, a.ID())
		}
	}
	if len(nobody) > 0 {
		left = append(left, say("left.owners", "n", len(nobody), "list", list(nobody)))
	}
	if len(undated) > 0 {
		left = append(left, say("left.dates", "n", len(undated), "list", list(undated)))
	}
	return left
}

// WasResolved is the end.
type WasResolved struct {
	Text  string   `json:",omitempty"`
	Owner PersonID `json:",omitempty"` // of the RFO
}

var _ = register[WasResolved]()

// Kind is "resolved".
func (WasResolved) Kind() string { return "resolved" }

// Line reads like "resolved: the old version is out everywhere".
func (e WasResolved) Line(names Names) string { return colon("resolved", e.Text, names) }

// Keys is the status.
func (WasResolved) Keys() []string { return []string{"status", "rfo"} }

func (e WasResolved) apply(i *Incident, r Record) {
	i.mark(Resolved, e.Text, r)
	i.Review.Owner = e.Owner
}
