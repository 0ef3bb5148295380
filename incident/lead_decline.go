package incident

import (
	"slices"
	"time"
)

// DeclineLead is said by whoever was asked to lead and cannot.
type DeclineLead struct{}

// Verb is "lead_decline".
func (DeclineLead) Verb() string { return "lead_decline" }

// Needs nothing from outside.
func (DeclineLead) Needs() Needs { return Needs{} }

func (DeclineLead) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	if err := i.isNamed(s); err != nil {
		return Decision{}, err
	}
	l := i.Leadership
	post := Effect{Kind: Post, Say: say("lead_decline.post", "key", i.Key(), "who", s.Actor, "by", l.NamedBy, "leader", l.Leader)}
	if l.Leader == System {
		post.Choices = []Choice{choice("lead_me", "lead me")}
	}
	return Decision{
		Events:  []Event{LeaderDeclined{Who: s.Actor}},
		Effects: []Effect{post},
		Say:     say("lead_decline.done", "key", i.Key(), "leader", l.Leader),
	}, nil
}

// LeaderDeclined is somebody who was asked to lead and cannot.
type LeaderDeclined struct{ Who PersonID }

var _ = register[LeaderDeclined]()

// Kind is "leader.declined".
func (LeaderDeclined) Kind() string { return "leader.declined" }

// Line reads like "Bob cannot lead".
func (e LeaderDeclined) Line(names Names) string { return names.Name(e.Who) + " cannot lead" }

// Keys is the leader.
func (LeaderDeclined) Keys() []string { return []string{"leader"} }

func (e LeaderDeclined) apply(i *Incident, _ Record) {
	l := &i.Leadership
	l.Named, l.NamedBy, l.NamedAt, l.Reminded = System, System, time.Time{}, false
	if !slices.Contains(l.Declined, e.Who) {
		l.Declined = append(l.Declined, e.Who)
	}
}
