package incident

// UnpinMessage takes a message off the timeline, because nobody wants it there
// any more. The event that put it there stays in the log.
type UnpinMessage struct{ Message string }

// Verb is "unpin".
func (UnpinMessage) Verb() string { return "unpin" }

// Needs nothing from outside.
func (UnpinMessage) Needs() Needs { return Needs{} }

func (c UnpinMessage) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	entry, there := i.Log.Pins[c.Message]
	if !there {
		return Decision{}, refuse(NotFound, "unpin.not", "key", i.Key())
	}
	return Decision{
		Events: []Event{MessageUnpinned{Message: c.Message, Entry: entry}},
		Say:    say("unpin.done", "key", i.Key(), "id", EntryID(entry)),
	}, nil
}

// MessageUnpinned is a message that is on the timeline no more. Pinned again, it
// becomes a new entry.
type MessageUnpinned struct {
	Message string
	Entry   int64
	Deleted bool `json:",omitempty"` // in Slack, by whoever wrote it
}

var _ = register[MessageUnpinned]()

// Kind is "message.unpinned".
func (MessageUnpinned) Kind() string { return "message.unpinned" }

// Line is empty: what is hidden is not pointed at.
func (MessageUnpinned) Line(Names) string { return "" }

// Keys are the message and its entry.
func (e MessageUnpinned) Keys() []string { return []string{pinKey(e.Message), entryKey(e.Entry)} }

func (e MessageUnpinned) apply(i *Incident, r Record) {
	delete(i.Log.Pins, e.Message)
	if i.Log.Hidden == nil {
		i.Log.Hidden = map[int64]Edit{}
	}
	reason := "the last pin was taken off"
	if e.Deleted {
		reason = "the message was deleted"
	}
	i.Log.Hidden[e.Entry] = Edit{Text: reason, By: r.Actor, At: r.At}
}
