package incident

import (
	"strings"
	"time"
)

// PinMessage puts somebody's message on the timeline, once, at the time it was
// written. Text holds its files as links too.
type PinMessage struct {
	Message string    // Slack's channel and stamp, as in "C1:1700000000.000100"
	Author  PersonID  // System when From says who wrote it
	From    string    // the name of an app that wrote it
	Text    string    // with people as PersonMarks
	Link    string    // to the message
	At      time.Time // when it was written
}

// Verb is "pin".
func (PinMessage) Verb() string { return "pin" }

// Needs nothing from outside.
func (PinMessage) Needs() Needs { return Needs{} }

func (c PinMessage) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	if err := firstRefusal(needs(c.Text, "pin.empty"), fits(c.Text), notInFuture(c.At, s)); err != nil {
		return Decision{}, err
	}
	if entry, there := i.Log.Pins[c.Message]; there {
		return Decision{}, refuse(Conflict, "pin.twice", "key", i.Key(), "id", EntryID(entry))
	}
	e := MessagePinned(c)
	return Decision{
		Events: []Event{e},
		Say:    say("pin.done", "key", i.Key(), "id", EntryID(i.Head+1), "text", e.wording(c.Text), "at", c.At),
	}, nil
}

// MessagePinned is a message that somebody put on the timeline.
type MessagePinned struct {
	Message string
	Author  PersonID `json:",omitempty"`
	From    string   `json:",omitempty"`
	Text    string
	Link    string `json:",omitempty"`
	At      time.Time
}

var _ = register[MessagePinned]()

// Kind is "message.pinned".
func (MessagePinned) Kind() string { return "message.pinned" }

// Line reads like "@Ana wrote: the queue is full".
func (e MessagePinned) Line(names Names) string { return PlainText(e.wording(e.Text), names) }

// wording is a text of the message with who wrote it.
func (e MessagePinned) wording(text string) string {
	who := e.From
	if e.Author != System {
		who = PersonMark(e.Author)
	}
	if who == "" {
		return text
	}
	return who + " wrote: " + text
}

// Keys is the message.
func (e MessagePinned) Keys() []string { return []string{pinKey(e.Message)} }

func pinKey(message string) string { return "pin:" + message }

func (e MessagePinned) occurred() time.Time { return e.At }

func (e MessagePinned) apply(i *Incident, r Record) {
	if i.Log.Pins == nil {
		i.Log.Pins = map[string]int64{}
	}
	i.Log.Pins[e.Message] = r.Seq
}

// Permalink is the address of the message that an entry was made from, "" for
// any other entry.
func Permalink(r Record) string {
	if e, ok := r.Event.(MessagePinned); ok {
		return e.Link
	}
	return ""
}

// FollowPin says that a message on the timeline was changed in Slack, or deleted
// there. The original wording stays in the log.
type FollowPin struct {
	Message string
	Entry   int64  // that the message is
	Text    string // as it reads now
	Deleted bool
}

// Verb is "pin_follow".
func (FollowPin) Verb() string { return "pin_follow" }

// Needs the entry.
func (c FollowPin) Needs() Needs { return Needs{Entry: c.Entry} }

func (c FollowPin) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	entry, there := i.Log.Pins[c.Message]
	if !there || f.Entry == nil || f.Entry.Seq != entry {
		return Decision{}, refuse(NotFound, "unpin.not", "key", i.Key())
	}
	if c.Deleted {
		return Decision{Events: []Event{MessageUnpinned{Message: c.Message, Entry: entry, Deleted: true}}}, nil
	}
	pinned, ok := f.Entry.Event.(MessagePinned)
	if !ok || strings.TrimSpace(c.Text) == "" {
		return Decision{}, nil
	}
	now, before := pinned.wording(c.Text), pinned.wording(pinned.Text)
	if edits := i.Log.Edits[entry]; len(edits) > 0 {
		before = edits[len(edits)-1].Text
	}
	if now == before {
		return Decision{}, nil
	}
	if err := fits(c.Text); err != nil {
		return Decision{}, err
	}
	return Decision{Events: []Event{PinReworded{Message: c.Message, Entry: entry, Text: now}}}, nil
}

// PinReworded is a message on the timeline that was edited in Slack.
type PinReworded struct {
	Message string
	Entry   int64
	Text    string // with who wrote it
}

var _ = register[PinReworded]()

// Kind is "message.edited".
func (PinReworded) Kind() string { return "message.edited" }

// Line is empty: it shows at the entry that it changes.
func (PinReworded) Line(Names) string { return "" }

// Keys are the message and its entry.
func (e PinReworded) Keys() []string { return []string{pinKey(e.Message), entryKey(e.Entry)} }

func (e PinReworded) apply(i *Incident, r Record) {
	if i.Log.Edits == nil {
		i.Log.Edits = map[int64][]Edit{}
	}
	i.Log.Edits[e.Entry] = append(i.Log.Edits[e.Entry], Edit{Text: e.Text, By: r.Actor, At: r.At})
}
