package incident

import "time"

// graveSeverity is the mildest severity at which a silent leader is asked after.
const graveSeverity = 2

// handoverOffers is how many people a silent leader is offered to hand over to.
const handoverOffers = 2

// leaderHeard is when the leader was last there, and at least since they lead.
func (i *Incident) leaderHeard(p *Policy) time.Time {
	heard := i.leadsSince()
	later := func(t time.Time) {
		if t.After(heard) {
			heard = t
		}
	}
	later(i.present(i.Leadership.Leader, p))
	if m, ok := i.Life.Latest(Open); ok {
		later(m.At)
	}
	return heard
}

// silentDue is when the channel is asked whether the leader is still there: once
// in each silence, while it is grave and nobody is asked to take over.
func silentDue(i *Incident, p *Policy) []Due {
	l := i.Leadership
	if p.Clocks.SilentLeader <= 0 || i.Life.Status != Open || i.Life.Severity > graveSeverity || l.Leader == System || l.Named != System {
		return nil
	}
	heard := i.leaderHeard(p)
	if !l.Missed.IsZero() && !heard.After(l.Missed) {
		return nil
	}
	return []Due{{Kind: SilentLeader, At: heard.Add(p.Clocks.SilentLeader)}}
}

// SilentLeader is the kind of the clock that asks after a leader. Its moment moves
// whenever the leader is seen, also where no event tells of it.
const SilentLeader = "leader.silent"

var _ = registerClock(SilentLeader, clock{
	due: silentDue,
	fire: func(i *Incident, _ Due, s Stamp, f Facts) (Decision, error) {
		if dues := silentDue(i, f.Policy); len(dues) == 0 || dues[0].At.After(s.At) {
			return Decision{}, nil
		}
		leader := i.Leadership.Leader
		choices := append([]Choice{choice("lead_here", "lead me")}, HandoverOffers(i, f.Policy)...)
		return Decision{
			Events: []Event{LeaderMissed{Leader: leader}},
			Effects: []Effect{{
				Kind: Post, Choices: append(choices, choice("lead_me", "lead me")),
				Say: say("leader_silent.ask", "key", i.Key(), "leader", leader, "wait", f.Policy.Clocks.SilentLeader),
			}},
		}, nil
	},
})

// HandoverOffers offers to hand the lead over to whoever else did most.
func HandoverOffers(i *Incident, p *Policy) []Choice {
	var offers []Choice
	for _, who := range i.mostActive(p) {
		if who != i.Leadership.Leader && len(offers) < handoverOffers {
			offers = append(offers, choice("lead_handover", "handover "+PersonMark(who), "who", who))
		}
	}
	return offers
}

// leaderMissed says that the channel was asked after the leader, who has not
// given a command since.
func (i *Incident) leaderMissed() bool {
	l := i.Leadership
	return !l.Missed.IsZero() && !i.Trace.Heard[l.Leader].Last.After(l.Missed)
}

// leaderHere is the leader's own answer.
func (i *Incident) leaderHere() Decision {
	return Decision{
		Events: []Event{LeaderAnswered{}},
		Say:    say("leader_silent.here", "key", i.Key()),
	}
}

// LeaderMissed is the question whether the leader is still there.
type LeaderMissed struct{ Leader PersonID }

var _ = register[LeaderMissed]()

// Kind is "leader.missed".
func (LeaderMissed) Kind() string { return "leader.missed" }

// Line says so without blame.
func (e LeaderMissed) Line(names Names) string {
	return "asked whether " + names.Name(e.Leader) + " still leads"
}

// Keys is empty: nothing that is shown changes but the timeline.
func (LeaderMissed) Keys() []string { return nil }

func (e LeaderMissed) apply(i *Incident, r Record) {
	if i.Leadership.Leader == e.Leader {
		i.Leadership.Missed = r.At
	}
}

// LeaderAnswered is a leader who was asked after and is there.
type LeaderAnswered struct{}

var _ = register[LeaderAnswered]()

// Kind is "leader.answered".
func (LeaderAnswered) Kind() string { return "leader.answered" }

// Line is for the timeline, on which the question stands.
func (LeaderAnswered) Line(Names) string { return "is here and leads on" }

// Keys is the leader.
func (LeaderAnswered) Keys() []string { return []string{"leader"} }

func (LeaderAnswered) apply(i *Incident, _ Record) { i.Leadership.Missed = time.Time{} }
