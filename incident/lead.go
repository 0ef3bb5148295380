package incident

import "time"

// Lead says who leads. Whoever takes the lead leads at once; somebody else who
// is named leads once they accept, and until then whoever led goes on leading.
type Lead struct {
	Who       PersonID
	Confirmed bool // although somebody leads: whoever gives the command was asked
}

// Verb is "lead".
func (Lead) Verb() string { return "lead" }

// Needs to know the person.
func (c Lead) Needs() Needs { return Needs{People: named(c.Who)} }

func (c Lead) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if c.Who == System {
		return Decision{}, refuse(Invalid, "lead.nobody")
	}
	if c.Who != s.Actor {
		return i.propose(c.Who, false, s, f)
	}
	if err := f.human(c); err != nil {
		return Decision{}, err
	}
	l := i.Leadership
	switch {
	case l.Leader == s.Actor && i.leaderMissed():
		return i.leaderHere(), nil
	case l.Leader == s.Actor:
		return Decision{}, i.leadsAlready(s.Actor)
	case l.Named == s.Actor:
		return AcceptLead{}.decide(i, s, f)
	case l.Leader != System && !c.Confirmed:
		return Decision{}, refuse(Ask, "lead.taken", "key", i.Key(), "leader", l.Leader, "since", i.leadsSince()).
			with(confirming("lead_over", "lead me", "leader", l.Leader))
	}
	d := i.takeLead(s, f.Policy)
	d.Effects = append(f.bringIn(s.Actor), d.Effects...)
	return d, nil
}

// takeLead makes the actor the leader, and says so to whoever led or asked.
func (i *Incident) takeLead(s Stamp, p *Policy) Decision {
	l, acks := i.Leadership, i.ackAlarms(s.Actor, p)
	d := Decision{
		Events: []Event{LeaderSet{Leader: s.Actor, Former: l.Leader}},
		Say:    say("lead.done", "key", i.Key(), "former", l.Leader, "unowned", i.unowned(), "alarms", len(acks)),
	}
	// Whoever takes an incident over learns first who noticed it: asked once, of the
	// first leader, in an answer that is given anyway.
	if _, known := i.Stamps.Last(Detected); !known && len(l.Terms) == 0 {
		d.Say.Args["ask_detected"], d.Choices = true, foundBy()
	}
	asked := System
	if l.Named == s.Actor {
		asked = l.NamedBy
	}
	if l.Leader != System || asked != System {
		d.Effects = []Effect{{Kind: Post, Say: say("lead.now", "key", i.Key(), "leader", s.Actor, "former", l.Leader)}}
	}
	d.Effects = append(d.Effects, acks...)
	return d
}

// unowned are the ids of the open tasks that nobody has, for a list.
func (i *Incident) unowned() string {
	var ids []string
	for _, t := range i.Board.OpenTasks() {
		if t.Owner == System {
			ids = append(ids, t.ID())
		}
	}
	return list(ids)
}

func (i *Incident) leadsAlready(who PersonID) error {
	return refuse(Conflict, "lead.already", "key", i.Key(), "leader", who, "since", i.leadsSince())
}

// leadsSince is from when the present leader leads.
func (i *Incident) leadsSince() time.Time {
	if n := len(i.Leadership.Terms); n > 0 {
		return i.Leadership.Terms[n-1].From
	}
	return time.Time{}
}

// propose asks somebody else to lead.
func (i *Incident) propose(who PersonID, handover bool, s Stamp, f Facts) (Decision, error) {
	if err := f.person(who); err != nil {
		return Decision{}, err
	}
	l := i.Leadership
	switch who {
	case l.Leader:
		return Decision{}, i.leadsAlready(who)
	case l.Named:
		return Decision{}, refuse(Conflict, "lead.asked_already", "key", i.Key(), "who", who, "by", l.NamedBy, "at", l.NamedAt)
	default:
	}
	return Decision{
		Events: []Event{LeaderProposed{Who: who, Handover: handover}},
		Effects: append(f.bringIn(who),
			Effect{Kind: Post, Say: i.leadQuestion(who, s.Actor, handover, s.At, f.Policy), Choices: leadChoices()}),
		Say: say("lead.named", "key", i.Key(), "who", who, "leader", l.Leader, "instead", l.Named),
	}, nil
}

// leadQuestion asks somebody to lead. Handed over, the lead comes with what the
// new leader has to know.
func (i *Incident) leadQuestion(who, by PersonID, handover bool, now time.Time, p *Policy) Say {
	question := say("lead.ask", "key", i.Key(), "who", who, "by", by, "leader", i.Leadership.Leader)
	if !handover {
		return question
	}
	var tasks []Args
	for _, t := range i.Board.OpenTasks() {
		tasks = append(tasks, Args{"id": t.ID(), "text": t.Text, "owner": t.Owner})
	}
	var decision string
	if n := len(i.Log.Decisions); n > 0 {
		decision = i.Log.Decisions[n-1].Text
	}
	next, _ := i.NextUpdate(p)
	question.ID = "handover.ask"
	question.Args["tasks"], question.Args["decision"] = tasks, decision
	question.Args["next"], question.Args["overdue"] = next, !next.IsZero() && next.Before(now)
	return question
}

func leadChoices() []Choice {
	return []Choice{choice("lead_accept", "lead accept"), choice("lead_decline", "lead decline")}
}

// bringIn invites somebody who is given work and not in the channel yet.
func (f Facts) bringIn(who PersonID) []Effect {
	if f.People[who].InChannel {
		return nil
	}
	return []Effect{{Kind: Invite, People: []PersonID{who}}}
}

// LeaderProposed is somebody asked to lead.
type LeaderProposed struct {
	Who      PersonID
	Handover bool `json:",omitempty"` // by the leader
	Auto     bool `json:",omitempty"` // by Rollcall, because nobody had taken the lead
}

var _ = register[LeaderProposed]()

// Kind is "leader.named".
func (LeaderProposed) Kind() string { return "leader.named" }

// Line reads like "asked Bob to lead".
func (e LeaderProposed) Line(names Names) string {
	switch {
	case e.Handover:
		return "hands the lead over to " + names.Name(e.Who)
	case e.Auto:
		return "nobody led, so it automatically asked " + names.Name(e.Who) + " to lead"
	}
	return "asked " + names.Name(e.Who) + " to lead"
}

// Keys is the leader.
func (LeaderProposed) Keys() []string { return []string{"leader"} }

func (e LeaderProposed) apply(i *Incident, r Record) {
	l := &i.Leadership
	l.Named, l.NamedBy, l.NamedAt, l.Reminded = e.Who, r.Actor, r.At, false
	l.Nominated = l.Nominated || e.Auto
	i.stampOnce(LeaderNamed, Point{At: r.At, Quality: Auto, Source: "lead", By: r.Actor, Seq: r.Seq})
}

// LeaderSet is somebody who leads from now on.
type LeaderSet struct {
	Leader PersonID
	Former PersonID `json:",omitempty"`
}

var _ = register[LeaderSet]()

// Kind is "leader.set".
func (LeaderSet) Kind() string { return "leader.set" }

// Line reads like "Bob leads, after Ana".
func (e LeaderSet) Line(names Names) string {
	line := names.Name(e.Leader) + " leads"
	if e.Former != System {
		line += ", after " + names.Name(e.Former)
	}
	return line
}

// Keys is the leader.
func (LeaderSet) Keys() []string { return []string{"leader"} }

func (e LeaderSet) apply(i *Incident, r Record) {
	l := &i.Leadership
	l.Leader = e.Leader
	l.Named, l.NamedBy, l.NamedAt, l.Reminded = System, System, time.Time{}, false
	l.Missed = time.Time{}
	l.Terms = append(l.Terms, Term{Leader: e.Leader, From: r.At, Seq: r.Seq})
	p := Point{At: r.At, Quality: Auto, Source: "lead", By: r.Actor, Seq: r.Seq}
	i.stampOnce(LeaderNamed, p)
	i.stampOnce(LeaderAccepted, p)
}

var _ = registerClock("leader.accept", clock{
	due: func(i *Incident, p *Policy) []Due {
		l := i.Leadership
		if p.Clocks.AcceptLeader <= 0 || l.Named == System || l.Reminded || i.Life.Status.Over() {
			return nil
		}
		return []Due{{Kind: "leader.accept", At: l.NamedAt.Add(p.Clocks.AcceptLeader)}}
	},
	fire: func(i *Incident, _ Due, s Stamp, f Facts) (Decision, error) {
		l := i.Leadership
		if l.Named == System || l.Reminded || i.Life.Status.Over() || s.At.Before(l.NamedAt.Add(f.Policy.Clocks.AcceptLeader)) {
			return Decision{}, nil
		}
		choices := leadChoices()
		if l.Leader == System {
			choices = append(choices, choice("lead_me", "lead me"))
		}
		return Decision{
			Events: []Event{LeaderReminded{}},
			Effects: []Effect{{
				Kind: Post, Choices: choices,
				Say: say("lead.remind", "key", i.Key(), "who", l.Named, "by", l.NamedBy, "leader", l.Leader),
			}},
		}, nil
	},
})

// LeaderReminded is a reminder to whoever was asked to lead.
type LeaderReminded struct{}

var _ = register[LeaderReminded]()

// Kind is "leader.reminded".
func (LeaderReminded) Kind() string { return "leader.reminded" }

// Line is empty: a reminder is no fact of the incident.
func (LeaderReminded) Line(Names) string { return "" }

// Keys is empty: nothing that is shown changes.
func (LeaderReminded) Keys() []string { return nil }

func (LeaderReminded) apply(i *Incident, _ Record) { i.Leadership.Reminded = true }
