package incident

// Join brings the actor into the incident's channel.
type Join struct{}

// Verb is "join".
func (Join) Verb() string { return "join" }

// Needs nothing from outside.
func (Join) Needs() Needs { return Needs{} }

func (Join) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if s.Actor == System {
		return Decision{}, refuse(Forbidden, "refuse.verb", "verb", "join")
	}
	if err := f.human(Join{}); err != nil {
		return Decision{}, err
	}
	// Whether somebody is in the channel is only known as far as Slack told;
	// inviting twice changes nothing, so it is always done.
	return Decision{
		Events:  []Event{Joined{}},
		Effects: []Effect{{Kind: Invite, People: []PersonID{s.Actor}}},
		Say:     say("join.done", "key", i.Key(), "channel", i.channelName()),
	}, nil
}

// channelName is what the channel is called: as Slack gave it, else as decided.
func (i *Incident) channelName() string {
	if i.Channel.Name != "" {
		return i.Channel.Name
	}
	return i.Identity.ChannelName
}

// Joined is somebody who came into the channel by command.
type Joined struct{}

var _ = register[Joined]()

// Kind is "joined".
func (Joined) Kind() string { return "joined" }

// Line is empty: who reads along is no fact of the incident.
func (Joined) Line(Names) string { return "" }

// Keys is empty: nothing that is shown changes.
func (Joined) Keys() []string { return nil }

func (Joined) instead() string { return "instead.join" }

func (Joined) apply(*Incident, Record) {}
