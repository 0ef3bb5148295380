package incident

// AcceptLead is said by whoever was asked to lead.
type AcceptLead struct{}

// Verb is "lead_accept".
func (AcceptLead) Verb() string { return "lead_accept" }

// Needs nothing from outside.
func (AcceptLead) Needs() Needs { return Needs{} }

func (AcceptLead) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if err := i.isNamed(s); err != nil {
		return Decision{}, err
	}
	return i.takeLead(s, f.Policy), nil
}

// isNamed refuses the answer of anybody but the one who was asked to lead.
func (i *Incident) isNamed(s Stamp) error {
	l := i.Leadership
	switch {
	case l.Named == s.Actor && s.Actor != System:
		return nil
	case l.Named != System:
		return refuse(Forbidden, "lead_accept.other", "key", i.Key(), "who", l.Named, "leader", l.Leader)
	case l.Leader == s.Actor:
		return i.leadsAlready(s.Actor)
	}
	return refuse(Conflict, "lead_accept.nobody", "key", i.Key(), "leader", l.Leader)
}
