package incident

// BindChannel says which channel of Slack is the incident's.
type BindChannel struct {
	ID   string
	Name string // as Slack gave it, which may differ from the one decided at open
}

// Verb is "channel_bound".
func (BindChannel) Verb() string { return "channel_bound" }

// Needs nothing from outside.
func (BindChannel) Needs() Needs { return Needs{} }

func (c BindChannel) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if c.ID == "" {
		return Decision{}, refuse(Invalid, "channel_bound.no_id", "key", i.Key())
	}
	if i.Channel == (Channel{ID: c.ID, Name: c.Name}) { // told twice
		return Decision{Say: say("channel_bound.done", "key", i.Key(), "name", c.Name)}, nil
	}
	return Decision{
		Events: []Event{ChannelBound(c)},
		Say:    say("channel_bound.done", "key", i.Key(), "name", c.Name),
	}, nil
}

// ChannelBound is the incident's channel.
type ChannelBound struct {
	ID   string
	Name string
}

var _ = register[ChannelBound]()

// Kind is "channel.bound".
func (ChannelBound) Kind() string { return "channel.bound" }

// Line is empty: whoever reads it is in the channel.
func (ChannelBound) Line(Names) string { return "" }

// Keys is the channel.
func (ChannelBound) Keys() []string { return []string{"channel"} }

func (e ChannelBound) apply(i *Incident, _ Record) { i.Channel = Channel{ID: e.ID, Name: e.Name} }
