package incident

import "slices"

// RefuseInvitations says whom Slack did not let into the channel, so that somebody
// tells them in another way.
type RefuseInvitations struct {
	Who    []PersonID
	Reason string // a word of Slack's, such as "user_is_restricted"
}

// Verb is "invite_refused".
func (RefuseInvitations) Verb() string { return "invite_refused" }

// Needs nothing from outside.
func (RefuseInvitations) Needs() Needs { return Needs{} }

func (c RefuseInvitations) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	var who []PersonID
	for _, p := range named(c.Who...) {
		if !slices.Contains(i.Board.Uninvited, p) && !slices.Contains(who, p) {
			who = append(who, p)
		}
	}
	if len(who) == 0 { // an invitation is tried again; it is told once
		return Decision{}, refuse(Conflict, "invite_refused.told", "key", i.Key())
	}
	text := say("invite_refused.post", "key", i.Key(), "people", people(who), "reason", c.Reason)
	return Decision{
		Events:  []Event{InvitationsRefused{Who: who, Reason: c.Reason}},
		Effects: []Effect{{Kind: Post, Say: text}},
		Say:     text,
	}, nil
}

// InvitationsRefused are people whom Slack did not let into the channel.
type InvitationsRefused struct {
	Who    []PersonID
	Reason string
}

var _ = register[InvitationsRefused]()

// Kind is "invite.refused".
func (InvitationsRefused) Kind() string { return "invite.refused" }

// Line reads like "could not be brought into the channel: Gil (user_is_restricted)".
func (e InvitationsRefused) Line(names Names) string {
	called := make([]string, 0, len(e.Who))
	for _, p := range e.Who {
		called = append(called, names.Name(p))
	}
	return "could not be brought into the channel: " + list(called) + " (" + e.Reason + ")"
}

// Keys is empty: nothing that is shown changes but the timeline.
func (InvitationsRefused) Keys() []string { return nil }

func (e InvitationsRefused) apply(i *Incident, _ Record) {
	i.Board.Uninvited = append(slices.Clip(i.Board.Uninvited), e.Who...)
}
