package incident

// LoseChannel says that the incident's channel could not be made, or is gone. The
// incident goes on without one.
type LoseChannel struct {
	Reason string // a word of Slack's, such as "channel_archive" or "restricted_action"
}

// Verb is "channel_lost".
func (LoseChannel) Verb() string { return "channel_lost" }

// Needs nothing from outside.
func (LoseChannel) Needs() Needs { return Needs{} }

func (c LoseChannel) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if i.Channel.Lost != "" {
		return Decision{}, refuse(Conflict, "channel_lost.twice", "key", i.Key())
	}
	d := Decision{
		Events: []Event{ChannelLost(c)},
		Say:    say("channel_lost.done", "key", i.Key(), "reason", c.Reason),
	}
	// Once it is over, archiving the channel is what a tidy team does.
	if who := i.inCharge(); who != System && !i.Life.Status.Over() {
		d.Effects = []Effect{{Kind: Tell, People: []PersonID{who}, Say: say("channel_lost.tell",
			"key", i.Key(), "reason", c.Reason, "call", i.Call().URL)}}
	}
	return d, nil
}

// inCharge is who hears of trouble: the leader, else whoever opened the incident.
func (i *Incident) inCharge() PersonID {
	if i.Leadership.Leader != System {
		return i.Leadership.Leader
	}
	return i.Identity.Opener
}

// ChannelLost is a channel that is gone, or never was.
type ChannelLost struct{ Reason string }

var _ = register[ChannelLost]()

// Kind is "channel.lost".
func (ChannelLost) Kind() string { return "channel.lost" }

// Line gives Slack's word for it.
func (e ChannelLost) Line(Names) string { return "no channel in Slack (" + e.Reason + ")" }

// Keys is the channel.
func (ChannelLost) Keys() []string { return []string{"channel"} }

func (e ChannelLost) apply(i *Incident, _ Record) { i.Channel = Channel{Lost: e.Reason} }
