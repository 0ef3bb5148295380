package incident

import "slices"

// Follow sends the incident's updates to the actor, or stops that.
type Follow struct{ On bool }

// Verb is "follow".
func (Follow) Verb() string { return "follow" }

// Needs nothing from outside.
func (Follow) Needs() Needs { return Needs{} }

func (c Follow) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	follows := slices.Contains(i.Board.Followers, s.Actor)
	switch {
	case s.Actor == System:
		return Decision{}, refuse(Forbidden, "refuse.verb", "verb", c.Verb())
	case c.On && i.Identity.Private:
		return Decision{}, refuse(Conflict, "follow.private", "key", i.Key())
	case c.On && follows:
		return Decision{}, refuse(Conflict, "follow.twice", "key", i.Key())
	case !c.On && !follows:
		return Decision{}, refuse(Conflict, "follow.not", "key", i.Key(), "executive", slices.Contains(f.Policy.Executives, s.Actor),
			"service", slices.Contains(f.Policy.Around.followers(i.Board.services()), s.Actor))
	}
	return Decision{
		Events: []Event{Followed(c)},
		Say:    say("follow.done", "key", i.Key(), "on", c.On, "executive", slices.Contains(f.Policy.Executives, s.Actor)),
	}, nil
}

// Followed is somebody who wants the updates, or wants them no more.
type Followed struct{ On bool }

var _ = register[Followed]()

// Kind is "followed".
func (Followed) Kind() string { return "followed" }

// Line is empty: who reads along is no fact of the incident.
func (Followed) Line(Names) string { return "" }

// Keys is empty: nothing that is shown changes.
func (Followed) Keys() []string { return nil }

func (e Followed) apply(i *Incident, r Record) {
	i.Board.Followers = slices.DeleteFunc(slices.Clone(i.Board.Followers), func(p PersonID) bool { return p == r.Actor })
	if e.On {
		i.Board.Followers = append(i.Board.Followers, r.Actor)
	}
}
