package incident

// OwnRFO says who writes the RFO. Of one that was skipped it takes the skipping
// back: somebody writes it after all.
type OwnRFO struct{ Who PersonID }

// Verb is "rfo_owner".
func (OwnRFO) Verb() string { return "rfo_owner" }

// Needs to know the person.
func (c OwnRFO) Needs() Needs { return Needs{People: named(c.Who)} }

func (c OwnRFO) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if c.Who == System {
		return Decision{}, refuse(Invalid, "rfo_owner.no_person")
	}
	if err := f.person(c.Who); err != nil {
		return Decision{}, err
	}
	skipped := i.Review.Skipped != nil
	if c.Who == i.Review.Owner && !skipped {
		return Decision{}, refuse(Conflict, "rfo_owner.same", "key", i.Key(), "owner", c.Who)
	}
	d := Decision{
		Events: []Event{RFOOwned(c)},
		Say:    say("rfo_owner.done", "key", i.Key(), "owner", c.Who, "skipped", skipped),
	}
	if c.Who != s.Actor {
		d.Effects = []Effect{{Kind: Tell, People: []PersonID{c.Who}, Say: say("rfo_owner.yours", "key", i.Key(), "by", s.Actor)}}
	}
	return d, nil
}

// RFOOwned is who writes the RFO.
type RFOOwned struct{ Who PersonID }

var _ = register[RFOOwned]()

// Kind is "rfo.owned".
func (RFOOwned) Kind() string { return "rfo.owned" }

// Line reads like "Ana writes the RFO".
func (e RFOOwned) Line(names Names) string { return names.Name(e.Who) + " writes the RFO" }

// Keys is the RFO.
func (RFOOwned) Keys() []string { return []string{"rfo"} }

func (e RFOOwned) apply(i *Incident, _ Record) {
	i.Review.Owner = e.Who
	i.Review.Skipped = nil
}
