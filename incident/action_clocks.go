package incident

import "time"

const (
	nudgeBefore = 2 // days before an action is due
	nudgeEvery  = 7 // days, after it was due
)

// followed says that the incident's actions are still anybody's business: what
// never was an incident changes nothing.
func (i *Incident) followed(a Action) bool {
	return a.State == ActionOpen && i.Life.Status != Cancelled
}

// since is when the action got its date and its person.
func (a Action) since() time.Time {
	if n := len(a.Moves); n > 0 {
		return a.Moves[n-1].At
	}
	return a.AddedAt
}

// Moved is how often the action got another date.
func (a Action) Moved() (n int) {
	for _, m := range a.Moves {
		if m.From != m.To {
			n++
		}
	}
	return n
}

// decided is when somebody last said that the action is wanted: by adding it or
// by escalating it. A new date alone says nothing of that.
func (a Action) decided() time.Time {
	at := a.AddedAt
	for _, m := range a.Moves {
		if m.Reason == "" {
			at = m.At
		}
	}
	return at
}

// responsible is who is reminded of an action: its owner, or whoever has to find
// another one.
func (i *Incident) responsible(a Action, p *Policy) PersonID {
	if a.Orphan {
		return i.heir(a.Owner, p)
	}
	return a.Owner
}

// nextNudge is the first moment of an action's reminders after one: two days
// before it is due, on the day and weekly from then on, in the morning. What
// would fall on a weekend comes on the Friday before while there is still time,
// and on the Monday after when there is none.
func nextNudge(due Civil, after time.Time, zone *time.Location) time.Time {
	for _, day := range []Civil{due.Plus(-nudgeBefore), due} {
		if at := day.workday().clock(workFrom, zone); at.After(after) {
			return at.UTC()
		}
	}
	for day := due.Plus(nudgeEvery); ; day = day.Plus(nudgeEvery) {
		if at := workingFrom(day.clock(workFrom, zone), zone); at.After(after) {
			return at.UTC()
		}
	}
}

var _ = reminder("action.nudge", func(i *Incident, p *Policy) []Due {
	var dues []Due
	for _, a := range i.Review.Actions {
		if !i.followed(a) {
			continue
		}
		after := a.since()
		if said := i.Review.Reminders.said("action.nudge", a.ID()); said.After(after) {
			after = said
		}
		at := nextNudge(a.Due, after, p.zoneOf(i.responsible(a, p)))
		dues = append(dues, i.Review.Reminders.remind("action.nudge", a.ID(), at))
	}
	return dues
}, func(i *Incident, d Due, s Stamp, p *Policy) (PersonID, []Effect) {
	a := i.actionOf(d)
	who := i.responsible(a, p)
	day := CivilOf(s.At, p.zoneOf(who))
	return who, []Effect{{
		Kind: Tell, People: []PersonID{who},
		Say: say("action_clocks.nudge", "key", i.Key(), "id", a.ID(), "text", i.outside(a.Text), "due", a.Due,
			"today", a.Due == day, "overdue", a.Due.Before(day), "orphan", a.Orphan, "owner", a.Owner),
		Choices: []Choice{choice("action_done", "action done "+a.ID(), "id", a.ID())},
	}}
})

// actionOf is the action that a clock is about.
func (i *Incident) actionOf(d Due) Action {
	for _, a := range i.Review.Actions {
		if a.ID() == d.Key {
			return a
		}
	}
	return Action{}
}

// outside is a text as it may stand in a direct message: of a private incident
// only its key is said there.
func (i *Incident) outside(text string) string {
	if i.Identity.Private {
		return ""
	}
	return text
}

// choosers are who has to say what becomes of an action that two sprints did not
// see done: whoever writes the RFO, and the executives. Of a private incident the
// executives hear nothing.
func (i *Incident) choosers(p *Policy) []PersonID {
	list := []PersonID{i.reviewer()}
	if i.Identity.Private {
		return list
	}
	for _, who := range p.Executives {
		if who != list[0] {
			list = append(list, who)
		}
	}
	return list
}

// After two sprints an action is escalated or dropped; until then it is asked
// about every week.
var _ = reminder("action.choice", func(i *Incident, p *Policy) []Due {
	var dues []Due
	for _, a := range i.Review.Actions {
		if !i.followed(a) || p.Sprint <= 0 {
			continue
		}
		zone := p.zoneOf(i.reviewer())
		at := workingFrom(a.decided().Add(2*p.Sprint), zone)
		if said := i.Review.Reminders.said("action.choice", a.ID()); said.After(a.decided()) {
			at = workingFrom(CivilOf(said, zone).Plus(nudgeEvery).clock(workFrom, zone), zone)
		}
		dues = append(dues, i.Review.Reminders.remind("action.choice", a.ID(), at))
	}
	return dues
}, func(i *Incident, d Due, _ Stamp, p *Policy) (PersonID, []Effect) {
	a := i.actionOf(d)
	return i.reviewer(), []Effect{{
		Kind: Tell, People: i.choosers(p),
		Say: say("action_clocks.choose", "key", i.Key(), "id", a.ID(), "text", i.outside(a.Text), "due", a.Due,
			"owner", a.Owner, "added", CivilOf(a.AddedAt, p.zone())),
		Choices: []Choice{
			choice("action_mine", "action escalate "+a.ID()+" me 2w", "id", a.ID()),
			choice("action_other_work", "action drop "+a.ID()+" other work matters more"),
			choice("action_not_needed", "action drop "+a.ID()+" it is not needed any more"),
		},
	}}
})

// What became of the actions is written into an RFO that is out, as a revision of
// its own, once for all that happened within the time in which it can be undone.
// A draft stays a draft.
var _ = registerClock("rfo.follow", clock{
	due: func(i *Incident, _ *Policy) []Due {
		if !i.toFollow() {
			return nil
		}
		return []Due{{Kind: "rfo.follow", At: i.Review.Outcome.Add(undoWindow)}}
	},
	fire: func(i *Incident, _ Due, s Stamp, f Facts) (Decision, error) {
		if !i.toFollow() || i.Review.Outcome.Add(undoWindow).After(s.At) {
			return Decision{}, nil
		}
		revision := i.Review.nextRevision()
		d := Decision{Events: []Event{RFOFollowedUp{Revision: revision}}, Effects: []Effect{{Kind: Publish, Number: revision}}}
		if last, _ := i.Review.LastRevision(); !last.Draft {
			d.Effects = append(d.Effects, i.exports(revision, f.Policy)...)
		}
		return d, nil
	},
})

// toFollow says that something became of an action since the RFO was written.
func (i *Incident) toFollow() bool {
	last, written := i.Review.LastRevision()
	return written && i.Life.Status == Resolved && i.Review.Outcome.After(last.At)
}

// RFOFollowedUp is a revision that holds what became of the actions.
type RFOFollowedUp struct{ Revision int }

var _ = register[RFOFollowedUp]()

// Kind is "rfo.followed".
func (RFOFollowedUp) Kind() string { return "rfo.followed" }

// Line says what the revision is for.
func (RFOFollowedUp) Line(Names) string { return "RFO published again: actions followed up" }

// Keys is the RFO.
func (RFOFollowedUp) Keys() []string { return []string{"rfo"} }

func (e RFOFollowedUp) apply(i *Incident, r Record) {
	last, _ := i.Review.LastRevision()
	p := Publication{Revision: e.Revision, By: r.Actor, At: r.At, Seq: r.Seq, Reason: "actions followed up"}
	if p.Draft = last.Draft; p.Draft {
		p.Blocking = last.Blocking
		i.Review.Paper.Drafts = append(i.Review.Paper.Drafts, p)
		return
	}
	i.Review.Published = append(i.Review.Published, p)
}
