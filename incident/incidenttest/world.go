package incidenttest

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// World is one incident and everything that a decision on it may know.
type World struct {
	t        testing.TB
	Incident *incident.Incident
	Records  []incident.Record // the whole log
	Now      time.Time         // the time of the next command; each takes Step
	Step     time.Duration
	Policy   *incident.Policy
	People   map[incident.PersonID]incident.Person
	Recent   []incident.Brief         // other incidents opened a short time ago
	Number   int                      // of the incident to open
	Rooms    map[string]incident.Room // what call providers have ready, by name
	commands int
	silent   map[incident.Due]int64 // clocks that said nothing, by the head they looked at
}

// Option changes a World before its incident is opened.
type Option func(*World)

// WithPolicy changes what the operator configured.
func WithPolicy(change func(*incident.Policy)) Option {
	return func(w *World) { change(w.Policy) }
}

// Empty is a World whose incident is not opened yet. Its key will be INC-7.
func Empty(t testing.TB, options ...Option) *World {
	t.Helper()
	w := &World{
		t: t, Incident: incident.New("0190-7"), Now: Start, Step: time.Second, Policy: Policy(), People: people(),
		Number: 7, silent: map[incident.Due]int64{},
	}
	for _, o := range options {
		o(w)
	}
	return w
}

// New is a World in which Ana opened INC-7 "Checkout is down" at Start, with the
// default tasks T1 to T3 and nobody leading.
func New(t testing.TB, options ...Option) *World {
	t.Helper()
	w := Empty(t, options...)
	w.Do(Ana, incident.OpenIncident{
		Title: "Checkout is down", Severity: 1, Call: incident.Call{URL: "https://meet.example.org/inc-7", Provider: "jitsi"},
	})
	return w
}

// Led is New with Ana leading.
func Led(t testing.TB, options ...Option) *World {
	t.Helper()
	w := New(t, options...)
	w.Do(Ana, incident.Lead{Who: Ana})
	return w
}

// Do runs a command that must succeed.
func (w *World) Do(actor incident.PersonID, c incident.Command) incident.Decision {
	w.t.Helper()
	d, err := w.Try(actor, c)
	if err != nil {
		w.t.Fatalf("%s by %s: %v", c.Verb(), actor, describe(err))
	}
	return d
}

// MustRefuse runs a command that must be refused with this code and text, and
// returns the refusal.
func (w *World) MustRefuse(actor incident.PersonID, c incident.Command, code incident.Code, id string) *incident.Error {
	w.t.Helper()
	_, err := w.Try(actor, c)
	var e *incident.Error
	switch {
	case err == nil:
		w.t.Fatalf("%s by %s was done; it should be refused as %s", c.Verb(), actor, id)
	case !errors.As(err, &e):
		w.t.Fatalf("%s by %s: %v is no refusal", c.Verb(), actor, err)
	case e.Code != code || e.Say.ID != id:
		w.t.Fatalf("%s by %s is refused as %s; it should be %s: %s", c.Verb(), actor, describe(err), code, id)
	}
	w.checkTexts(c.Verb(), []incident.Say{e.Say}, e.Choices)
	return e
}

// Try runs a command; the error is its refusal.
func (w *World) Try(actor incident.PersonID, c incident.Command) (incident.Decision, error) {
	w.t.Helper()
	w.commands++
	s := incident.Stamp{
		At: w.Now, Actor: actor, Command: incident.CommandID(fmt.Sprintf("command-%d", w.commands)), Surface: "slash",
	}
	switch actor {
	case incident.System:
		s.Surface = "clock"
	case Program:
		s.Surface = "api"
	}
	if actor == Program {
		s.Surface = "api"
	}
	before := w.snapshot(w.Incident)
	d, err := incident.Decide(w.Incident, c, s, w.facts(actor, c.Needs()))
	if after := w.snapshot(w.Incident); after != before {
		w.t.Fatalf("deciding %s changed the incident", c.Verb())
	}
	if err == nil {
		w.store(s, d.Events)
		w.checkSay(c.Verb(), d)
	}
	w.Now = w.Now.Add(w.Step)
	return d, err
}

func (w *World) facts(actor incident.PersonID, n incident.Needs) incident.Facts {
	f := incident.Facts{Actor: w.People[actor], People: map[incident.PersonID]incident.Person{}, Policy: w.Policy}
	if n.Number {
		f.Number = w.Number
	}
	if n.Recent {
		f.Recent = w.Recent
	}
	for k, provider := range n.Rooms {
		room := w.Rooms[provider]
		if k == 0 {
			f.Room.Lack = room.Lack
		}
		if room.URL != "" {
			f.Room.URL, f.Room.Provider = room.URL, provider
			break
		}
	}
	for _, id := range n.People {
		if p, ok := w.People[id]; ok {
			f.People[id] = p
		}
	}
	if n.Entry > 0 && n.Entry <= int64(len(w.Records)) {
		r := w.Records[n.Entry-1]
		f.Entry = &r
	}
	return f
}

// store appends events to the log the way storage does, and folds them in.
func (w *World) store(s incident.Stamp, events []incident.Event) {
	w.t.Helper()
	refold := false
	for _, e := range events {
		r := incident.NewRecord(int64(len(w.Records))+1, s, w.stored(e))
		w.Records = append(w.Records, r)
		if refold {
			continue
		}
		if err := w.Incident.Apply(r); errors.Is(err, incident.ErrRefold) {
			refold = true
		} else if err != nil {
			w.t.Fatalf("apply %s: %v", e.Kind(), err)
		}
	}
	folded, err := incident.Fold(w.Incident.ID, w.Records)
	if err != nil {
		w.t.Fatal(err)
	}
	if a, b := w.snapshot(w.Incident), w.snapshot(folded); !refold && a != b {
		w.t.Fatalf("one by one: %s\nall at once: %s", a, b)
	}
	w.Incident = folded
}

// stored is the event as it comes back out of storage, which must be the same.
func (w *World) stored(e incident.Event) incident.Event {
	w.t.Helper()
	kind, version, body, err := incident.Encode(e)
	if err != nil {
		w.t.Fatal(err)
	}
	back, err := incident.Decode(kind, version, body)
	if err != nil {
		w.t.Fatal(err)
	}
	if reflect.TypeOf(back) != reflect.TypeOf(e) {
		w.t.Fatalf("%T comes back from storage as %T", e, back)
	}
	if _, _, again, err := incident.Encode(back); err != nil || string(again) != string(body) {
		w.t.Fatalf("%s comes back from storage as %s (%v)", body, again, err)
	}
	return back
}

// snapshot is the state as text, after it was read back once.
func (w *World) snapshot(i *incident.Incident) string {
	w.t.Helper()
	body, err := i.Snapshot()
	if err != nil {
		w.t.Fatal(err)
	}
	back, err := incident.Restore(body)
	if err != nil {
		w.t.Fatal(err)
	}
	again, err := back.Snapshot()
	if err != nil || string(again) != string(body) {
		w.t.Fatalf("a snapshot %s is restored as %s (%v)", body, again, err)
	}
	return string(body)
}

func describe(err error) string {
	var e *incident.Error
	if errors.As(err, &e) {
		return fmt.Sprintf("%s: %s %v", e.Code, e.Say.ID, e.Say.Args)
	}
	return err.Error()
}
