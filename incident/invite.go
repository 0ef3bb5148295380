package incident

import "slices"

// InvitePeople brings people into the incident's channel.
type InvitePeople struct{ Who []PersonID }

// Verb is "invite".
func (InvitePeople) Verb() string { return "invite" }

// Needs to know the people.
func (c InvitePeople) Needs() Needs { return Needs{People: named(c.Who...)} }

func (c InvitePeople) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	var who []PersonID
	for _, p := range named(c.Who...) {
		if err := f.person(p); err != nil {
			return Decision{}, err
		}
		if !slices.Contains(who, p) {
			who = append(who, p)
		}
	}
	if len(who) == 0 {
		return Decision{}, refuse(Invalid, "invite.nobody")
	}
	return Decision{
		Events:  []Event{PeopleInvited{Who: who}},
		Effects: []Effect{{Kind: Invite, People: who}},
		Say:     say("invite.done", "key", i.Key(), "people", people(who), "channel", i.channelName()),
	}, nil
}

// PeopleInvited are people who were asked into the channel.
type PeopleInvited struct{ Who []PersonID }

var _ = register[PeopleInvited]()

// Kind is "invited".
func (PeopleInvited) Kind() string { return "invited" }

// Line reads like "invited Ana, Bob".
func (e PeopleInvited) Line(names Names) string {
	called := make([]string, 0, len(e.Who))
	for _, p := range e.Who {
		called = append(called, names.Name(p))
	}
	return "invited " + list(called)
}

// Keys is empty: nothing that is shown changes but the timeline.
func (PeopleInvited) Keys() []string { return nil }

func (PeopleInvited) instead() string { return "instead.invite" }

func (PeopleInvited) apply(*Incident, Record) {}
