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
func leaderDue(kind string, wait func(Clocks) time.Duration, done func(*Incident) bool) func(*Incident, *Policy) []Due {
	return func(i *Incident, p *Policy) []Due {
		if w := wait(p.Clocks); w > 0 && i.leaderless() && !done(i) {
			return []Due{{Kind: kind, At: i.Identity.OpenedAt.Add(w)}}
		}
		return nil
	}
}

// leaderClock registers a clock of leaderDue with what is decided when it is due.
func leaderClock(kind string, wait func(Clocks) time.Duration, done func(*Incident) bool, speak func(*Incident) Decision) struct{} {
	due := leaderDue(kind, wait, done)
	return registerClock(kind, clock{
		due: due,
		fire: func(i *Incident, _ Due, s Stamp, f Facts) (Decision, error) {
			if dues := due(i, f.Policy); len(dues) == 0 || dues[0].At.After(s.At) {
				return Decision{}, nil
			}
			return speak(i), nil
		},
	})
}

var _ = leaderClock("leader.ask",
	func(c Clocks) time.Duration { return c.AskLeader },
	func(i *Incident) bool { return i.Leadership.Asked },
	func(i *Incident) Decision {
		return Decision{
			Events: []Event{LeaderAsked{}},
			Effects: []Effect{{
				Kind: Post, Say: say("leader_clocks.ask", "key", i.Key()), Choices: []Choice{choice("lead_me", "lead me")},
			}},
		}
	})

// Whoever opened the incident is asked, not made leader: a leader who does not
// know of it is worse than none.
var _ = leaderClock("leader.nominate",
	func(c Clocks) time.Duration { return c.NominateLeader },
	func(i *Incident) bool {
		opener := i.Identity.Opener
		return i.Leadership.Nominated || opener == System || slices.Contains(i.Leadership.Declined, opener)
	},
	func(i *Incident) Decision {
		return Decision{
			Events: []Event{LeaderProposed{Who: i.Identity.Opener, Auto: true}},
			Effects: []Effect{{
				Kind: Post, Say: say("leader_clocks.nominate", "key", i.Key(), "who", i.Identity.Opener),
				Choices: append(leadChoices(), choice("lead_me", "lead me")),
			}},
		}
	})

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
