package incident

// Handover gives the lead to somebody else, with what they have to know. The
// leader leads until it is accepted.
type Handover struct{ To PersonID }

// Verb is "handover".
func (Handover) Verb() string { return "handover" }

// Needs to know the person.
func (c Handover) Needs() Needs { return Needs{People: named(c.To)} }

func (c Handover) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	leader := i.Leadership.Leader
	switch {
	case c.To == System:
		return Decision{}, refuse(Invalid, "handover.nobody")
	case leader != System && leader != s.Actor:
		return Decision{}, refuse(Forbidden, "handover.not_leader", "key", i.Key(), "leader", leader)
	case c.To == s.Actor && leader == s.Actor:
		return Decision{}, refuse(Invalid, "handover.self", "key", i.Key())
	case c.To == s.Actor:
		return Lead{Who: s.Actor}.decide(i, s, f)
	}
	return i.propose(c.To, true, s, f)
}
