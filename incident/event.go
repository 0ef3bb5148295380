package incident

import (
	"encoding/json"
	"fmt"
	"time"
)

// Event is one fact of an incident. Events are plain data, are never changed
// once stored, and are the only way an Incident changes.
type Event interface {
	// Kind is the name in the log, such as "task.added". It never changes.
	Kind() string
	// Line is the event as a line of the timeline, without time and actor's name
	// in front; "" keeps it off the timeline.
	Line(Names) string
	// Keys names the parts of the state that the event touches, such as
	// "task:T2". Undo and the cards to redraw follow from them.
	Keys() []string

	apply(*Incident, Record)
}

// dated is an event that happened at another time than it was recorded, as told
// by a person (note at 14:05) or a machine.
type dated interface{ occurred() time.Time }

// permanent is an event that no undo takes back; instead names the text that
// says what to do instead.
type permanent interface{ instead() string }

// numbering is an event that uses up a number. The number stays used when the
// event is undone, so that no id ever means two things.
type numbering interface{ number(*Counters) }

// Stamp says when, by whom and through which surface a command was given.
type Stamp struct {
	At      time.Time
	Actor   PersonID
	Command CommandID
	Surface string // "slash", "mention", "button", "cli", "api", "clock", "worker"
}

// Record is an event as it stands in the log.
type Record struct {
	Seq      int64
	At       time.Time // when it was recorded
	Occurred time.Time // when it happened, as told; At unless dated
	Actor    PersonID
	Command  CommandID
	Surface  string
	Event    Event
}

// NewRecord gives an event its place in the log.
func NewRecord(seq int64, s Stamp, e Event) Record {
	r := Record{Seq: seq, At: s.At, Occurred: s.At, Actor: s.Actor, Command: s.Command, Surface: s.Surface, Event: e}
	if d, ok := e.(dated); ok {
		if at := d.occurred(); !at.IsZero() {
			r.Occurred = at
		}
	}
	return r
}

// decoder reads the body of one kind of event, older versions included.
type decoder struct {
	version int
	decode  func(body []byte) (Event, error)
	upcasts []func([]byte) ([]byte, error)
}

var decoders = map[string]decoder{}

// register makes a kind of event readable. upcasts[v-1] turns a body of version
// v into one of version v+1; the newest version is len(upcasts)+1. The result is
// only there so that it can stand in a package variable beside its event.
func register[E Event](upcasts ...func([]byte) ([]byte, error)) struct{} {
	var zero E
	decoders[zero.Kind()] = decoder{
		version: len(upcasts) + 1,
		upcasts: upcasts,
		decode: func(body []byte) (Event, error) {
			var e E
			if err := json.Unmarshal(body, &e); err != nil {
				return nil, err
			}
			return e, nil
		},
	}
	return struct{}{}
}

// Kinds lists every kind of event that this program can read, with its version.
func Kinds() map[string]int {
	kinds := make(map[string]int, len(decoders))
	for k, d := range decoders {
		kinds[k] = d.version
	}
	return kinds
}

// HoldBack refuses a decision with an event that readable says no to: a program
// that is older than this one and runs beside it could not read it, and could do
// nothing for the incident any more.
func (d Decision) HoldBack(readable func(kind string, version int) bool) error {
	for _, e := range d.Events {
		if kind := e.Kind(); !readable(kind, decoders[kind].version) {
			return refuse(Newer, "refuse.older", "kind", kind)
		}
	}
	return nil
}

// Encode turns an event into what is stored of it.
func Encode(e Event) (kind string, version int, body []byte, err error) {
	if u, ok := e.(Unknown); ok {
		return u.Name, u.Version, u.Body, nil
	}
	body, err = json.Marshal(e)
	if err != nil {
		return "", 0, nil, fmt.Errorf("encode %s: %w", e.Kind(), err)
	}
	return e.Kind(), decoders[e.Kind()].version, body, nil
}

// Decode reads a stored event. A kind or version that this program is too old
// for becomes an Unknown, so that the incident can still be shown; Decide then
// refuses to decide on it.
func Decode(kind string, version int, body []byte) (Event, error) {
	d, ok := decoders[kind]
	if !ok || version > d.version || version < 1 {
		return Unknown{Name: kind, Version: version, Body: append([]byte(nil), body...)}, nil
	}
	var err error
	for v := version; v < d.version; v++ {
		if body, err = d.upcasts[v-1](body); err != nil {
			return nil, fmt.Errorf("upcast %s from version %d: %w", kind, v, err)
		}
	}
	e, err := d.decode(body)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", kind, err)
	}
	return e, nil
}

// Unknown is an event written by a newer Rollcall.
type Unknown struct {
	Name    string
	Version int
	Body    []byte
}

// Kind is the kind that the newer program gave it.
func (u Unknown) Kind() string { return u.Name }

// Line says that there is something here that this program cannot read.
func (u Unknown) Line(Names) string { return "something a newer Rollcall wrote (" + u.Name + ")" }

// Keys is empty: what it touches is not known.
func (u Unknown) Keys() []string { return nil }

// apply does nothing: folding notes that it is there.
func (u Unknown) apply(*Incident, Record) {}
