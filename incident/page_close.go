package incident

import "slices"

// pagerDuty is the source of alarms that come from PagerDuty.
const pagerDuty = "pagerduty"

// closePager ends in PagerDuty what is over here: what pages made there, and the
// alarms of the incident that are not quiet. A drill made nothing there.
func (i *Incident) closePager(p *Policy) []Effect {
	if !p.Paging.On || i.Identity.Drill {
		return nil
	}
	var ends []Effect
	for _, one := range i.Board.Pages {
		if one.State == PageOut && one.Ref != "" && one.Way != "responder" {
			ends = append(ends, Effect{Kind: EndPage, Ref: one.Ref, Way: one.Way})
		}
	}
	for _, a := range i.Board.Alarms {
		end := Effect{Kind: EndPage, Ref: a.Ref.ID, Way: "incident"}
		if a.Ref.Source == pagerDuty && a.State() != Quiet && !slices.ContainsFunc(ends, func(e Effect) bool { return e.Ref == end.Ref }) {
			ends = append(ends, end)
		}
	}
	return ends
}

// ackAlarms takes the alarms that go off in PagerDuty in the leader's name. What a
// page of ours made is left: whoever is paged has to answer it.
func (i *Incident) ackAlarms(leader PersonID, p *Policy) []Effect {
	if !p.Paging.On || i.Identity.Drill {
		return nil
	}
	var acks []Effect
	for _, id := range i.Join() {
		if a, _ := i.Board.Alarm(AlarmRef{Source: pagerDuty, ID: id}); a.State() == Firing {
			acks = append(acks, Effect{Kind: AckAlarm, People: []PersonID{leader}, Ref: id})
		}
	}
	return acks
}

// Join are PagerDuty's ids of the alarms that are open there: people can be asked
// to join them. Never what a page of ours made.
func (i *Incident) Join() []string {
	var open []string
	for _, a := range i.Board.Alarms {
		own := slices.ContainsFunc(i.Board.Pages, func(p Paging) bool { return p.Ref == a.Ref.ID })
		if a.Ref.Source == pagerDuty && a.State() != Quiet && !own {
			open = append(open, a.Ref.ID)
		}
	}
	return open
}
