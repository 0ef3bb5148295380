package incident

import (
	"slices"
	"time"
)

// leaderless says that users are hurting, nobody leads and nobody was asked to.
func (i *Incident) leaderless() bool {
	return i.Life.Status == Open && i.Leadership.Leader == System && i.Leadership.Named == System
}

// leaderDue is a clock that runs from opening while nobody leads, and once.
func leaderDue(kind string, wait func(Clocks) time.Duration, done func(*Incident, *Policy) bool) func(*Incident, *Policy) []Due {
	return func(i *Incident, p *Policy) []Due {
		if w := wait(p.Clocks); w > 0 && i.leaderless() && !done(i, p) {
			return []Due{{Kind: kind, At: i.Identity.OpenedAt.Add(w)}}
		}
		return nil
	}
}

// leaderClock registers a clock of leaderDue with what is decided when it is due.
func leaderClock(kind string, wait func(Clocks) time.Duration, done func(*Incident, *Policy) bool, speak func(*Incident, *Policy) Decision) struct{} {
	due := leaderDue(kind, wait, done)
	return registerClock(kind, clock{
		due: due,
		fire: func(i *Incident, _ Due, s Stamp, f Facts) (Decision, error) {
			if dues := due(i, f.Policy); len(dues) == 0 || dues[0].At.After(s.At) {
				return Decision{}, nil
			}
			// Both are due after a downtime: whoever is named need not be looked for first.
			if named := nominateDue(i, f.Policy); kind == leaderAsk && len(named) > 0 && !named[0].At.After(s.At) {
				return nominate(i, f.Policy), nil
			}
			return speak(i, f.Policy), nil
		},
	})
}

// The clocks' kinds.
const (
	leaderAsk      = "leader.ask"
	leaderNominate = "leader.nominate"
)

var _ = leaderClock(leaderAsk,
	func(c Clocks) time.Duration { return c.AskLeader },
	func(i *Incident, _ *Policy) bool { return i.Leadership.Asked },
	func(i *Incident, _ *Policy) Decision {
		return Decision{
			Events: []Event{LeaderAsked{}},
			Effects: []Effect{{
				Kind: Post, Say: say("leader_clocks.ask", "key", i.Key()), Choices: []Choice{choice("lead_me", "lead me")},
			}},
		}
	})

var _ = leaderClock(leaderNominate, nominateAfter, nominated, nominate)

// nominate asks somebody to lead. They are not made leader: a leader who does not
// know of it is worse than none.
func nominate(i *Incident, p *Policy) Decision {
	who, why := i.nominee(p)
	d := Decision{
		Events: []Event{LeaderProposed{Who: who, Auto: true}},
		Effects: []Effect{{
			Kind: Post, Say: say("leader_clocks.nominate", "key", i.Key(), "who", who, "why", why),
			Choices: append(leadChoices(), choice("lead_me", "lead me")),
		}},
	}
	if why == nomineeOnCall { // they may not have come yet
		d.Effects = append([]Effect{{Kind: Invite, People: []PersonID{who}}}, d.Effects...)
	}
	return d
}

func nominateAfter(c Clocks) time.Duration { return c.NominateLeader }

func nominated(i *Incident, p *Policy) bool { return i.Leadership.Nominated || !i.canNominate(p) }

func nominateDue(i *Incident, p *Policy) []Due {
	return leaderDue(leaderNominate, nominateAfter, nominated)(i, p)
}

// Why somebody is nominated.
const (
	nomineeOnCall = "oncall"
	nomineeActive = "active"
	nomineeOpener = "opened"
)

// nominee is who is asked to lead when nobody takes the lead: whoever is on call
// for a service of the incident, else who has done most here, else who opened it.
// System when all of them said no, or there is none.
func (i *Incident) nominee(p *Policy) (who PersonID, why string) {
	declined := i.Leadership.Declined
	if !i.Identity.Private { // nobody is brought into a private incident unasked
		for _, one := range p.Around.onCall(i) {
			if !slices.Contains(declined, one) {
				return one, nomineeOnCall
			}
		}
	}
	for _, one := range i.mostActive(p) {
		switch {
		case slices.Contains(declined, one):
		case one == i.Identity.Opener:
			return one, nomineeOpener
		default:
			return one, nomineeActive
		}
	}
	return System, ""
}

// canNominate says whether there is a nominee, without looking for the best one
// while whoever opened the incident is one: every command asks.
func (i *Incident) canNominate(p *Policy) bool {
	if i.Identity.Opener != System && !slices.Contains(i.Leadership.Declined, i.Identity.Opener) {
		return true
	}
	who, _ := i.nominee(p)
	return who != System
}

// LeaderAsked is the question who leads, put to the channel.
type LeaderAsked struct{}

var _ = register[LeaderAsked]()

// Kind is "leader.asked".
func (LeaderAsked) Kind() string { return "leader.asked" }

// Line says that there was no leader yet.
func (LeaderAsked) Line(Names) string { return "nobody leads yet; asked who does" }

// Keys is empty: nothing that is shown changes.
func (LeaderAsked) Keys() []string { return nil }

func (LeaderAsked) apply(i *Incident, _ Record) { i.Leadership.Asked = true }
