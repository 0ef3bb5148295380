package incident

import "time"

// rfoDue is when the RFO is due: RFOWithin of the severity after the incident was
// resolved. ok is false when none is owed any more.
func (i *Incident) rfoDue(p *Policy) (resolved, due time.Time, ok bool) {
	within := p.Severities[i.Life.Severity].RFOWithin
	m, over := i.Life.Latest(Resolved)
	if !over || within <= 0 || !i.RFOUnsettled() {
		return time.Time{}, time.Time{}, false
	}
	return m.At, m.At.Add(within), true
}

// RFOUnsettled says that the incident is resolved and its RFO neither published nor
// skipped. Whether one is owed is a question of the policy, too.
func (i *Incident) RFOUnsettled() bool {
	return i.Life.Status == Resolved && i.Review.Skipped == nil && len(i.Review.Published) == 0
}

// Whoever writes the RFO is reminded at half of its time, when it is due, and
// every working day from then on until it is published or skipped.
var _ = reminder("rfo.due", func(i *Incident, p *Policy) []Due {
	resolved, due, ok := i.rfoDue(p)
	if !ok {
		return nil
	}
	zone, after := p.zoneOf(i.reviewer()), resolved
	if said := i.Review.Reminders.said("rfo.due", ""); said.After(after) {
		after = said
	}
	at := workingFrom(resolved.Add(due.Sub(resolved)/2), zone)
	if !at.After(after) {
		at = workingFrom(due, zone)
	}
	for day := CivilOf(due, zone).Plus(1); !at.After(after); day = day.Plus(1) {
		at = workingFrom(day.clock(workFrom, zone), zone)
	}
	return []Due{i.Review.Reminders.remind("rfo.due", "", at)}
}, func(i *Incident, _ Due, s Stamp, p *Policy) (PersonID, []Effect) {
	_, due, _ := i.rfoDue(p)
	who := i.reviewer()
	return who, []Effect{{
		Kind: Tell, People: []PersonID{who},
		Say: say("rfo_clocks.owed", "key", i.Key(), "title", i.outside(i.Identity.Title), "due", CivilOf(due, p.zoneOf(who)),
			"overdue", due.Before(s.At), "unanswered", len(i.Review.Unanswered()), "actions", len(i.Review.Kept())),
	}}
})
