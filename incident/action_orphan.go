package incident

import "slices"

// OrphanActions says that somebody left the company: their open actions need
// another person.
type OrphanActions struct{ Who PersonID }

// Verb is "action_orphan".
func (OrphanActions) Verb() string { return "action_orphan" }

// Needs nothing from outside.
func (OrphanActions) Needs() Needs { return Needs{} }

func (c OrphanActions) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	var d Decision
	to := i.heir(c.Who, f.Policy)
	for _, a := range i.Review.Actions {
		if !i.followed(a) || a.Owner != c.Who || a.Orphan {
			continue
		}
		d.Events = append(d.Events, ActionOrphaned{Number: a.Number, Who: c.Who})
		e := Effect{
			Kind: Tell, People: []PersonID{to},
			Say:     say("action_orphan.left", "key", i.Key(), "id", a.ID(), "owner", a.Owner, "due", a.Due, "text", i.outside(a.Text)),
			Choices: []Choice{choice("action_take", "action assign "+a.ID()+" me", "id", a.ID())},
		}
		if to == System { // nobody is known to be left: the channel is asked
			e.Kind, e.People = Post, nil
		}
		d.Effects = append(d.Effects, e)
	}
	return d, nil
}

// heir is who finds another person for the actions of one who left: whoever
// writes the RFO, led, opened it or is an executive, without the one who left.
func (i *Incident) heir(left PersonID, p *Policy) PersonID {
	list := []PersonID{i.Review.Owner, i.Leadership.Leader, i.Identity.Opener}
	if !i.Identity.Private {
		list = slices.Concat(list, p.Executives)
	}
	for _, who := range list {
		if who != System && who != left {
			return who
		}
	}
	return System
}

// ActionOrphaned is an action whose person left.
type ActionOrphaned struct {
	Number int
	Who    PersonID
}

var _ = register[ActionOrphaned]()

// Kind is "action.orphaned".
func (ActionOrphaned) Kind() string { return "action.orphaned" }

// Line reads like "action A1 needs another person: Ben left".
func (e ActionOrphaned) Line(names Names) string {
	return "action " + ActionID(e.Number) + " needs another person: " + names.Name(e.Who) + " left"
}

// Keys is the action.
func (e ActionOrphaned) Keys() []string { return []string{actionKey(e.Number)} }

func (e ActionOrphaned) apply(i *Incident, _ Record) {
	i.changeAction(e.Number, func(a *Action) { a.Orphan = true })
}
