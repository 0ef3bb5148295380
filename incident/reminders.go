package incident

import "time"

// Reminders is what Rollcall remembers of the clocks that speak again and again.
type Reminders struct {
	Said map[string]time.Time `json:",omitempty"` // when a clock last spoke, by its name
	Held map[string]time.Time `json:",omitempty"` // until when it keeps silent
}

// name is what a clock is remembered by.
func (d Due) name() string { return d.Kind + " " + d.Key }

// said is when a clock last spoke; the zero time before.
func (r Reminders) said(kind, key string) time.Time { return r.Said[Due{Kind: kind, Key: key}.name()] }

// remind is a clock that would speak at a moment and may have been told to wait.
func (r Reminders) remind(kind, key string, at time.Time) Due {
	d := Due{Kind: kind, Key: key, At: at}
	if held := r.Held[d.name()]; held.After(at) {
		d.At = held
	}
	return d
}

// reminder registers a clock that speaks in somebody's working hours. However
// many of its moments went by while the program was down, it speaks once, and
// not in the night in which the program came back.
func reminder(kind string, due func(*Incident, *Policy) []Due, speak func(*Incident, Due, Stamp, *Policy) (PersonID, []Effect)) struct{} {
	return registerClock(kind, clock{
		due: due,
		fire: func(i *Incident, fired Due, s Stamp, f Facts) (Decision, error) {
			for _, d := range due(i, f.Policy) {
				if d.Key != fired.Key || d.At.After(s.At) {
					continue
				}
				who, effects := speak(i, d, s, f.Policy)
				if from := workingFrom(s.At, f.Policy.zoneOf(who)); from.After(s.At) {
					return Decision{Events: []Event{ReminderHeld{Clock: d.Kind, Key: d.Key, Until: from}}}, nil
				}
				return Decision{Events: []Event{Reminded{Clock: d.Kind, Key: d.Key}}, Effects: effects}, nil
			}
			return Decision{}, nil
		},
	})
}

// Reminded says that a clock spoke.
type Reminded struct {
	Clock string
	Key   string `json:",omitempty"`
}

var _ = register[Reminded]()

// Kind is "reminded".
func (Reminded) Kind() string { return "reminded" }

// Line is empty: what Rollcall said to one person is no part of what happened.
func (Reminded) Line(Names) string { return "" }

// Keys is empty: nothing that is shown changes.
func (Reminded) Keys() []string { return nil }

func (e Reminded) apply(i *Incident, r Record) {
	if i.Review.Reminders.Said == nil {
		i.Review.Reminders.Said = map[string]time.Time{}
	}
	i.Review.Reminders.Said[Due{Kind: e.Clock, Key: e.Key}.name()] = r.At
}

// ReminderHeld says that a clock came up outside of working hours, as it does
// after a downtime, and waits for them.
type ReminderHeld struct {
	Clock string
	Key   string `json:",omitempty"`
	Until time.Time
}

var _ = register[ReminderHeld]()

// Kind is "reminder.held".
func (ReminderHeld) Kind() string { return "reminder.held" }

// Line is empty.
func (ReminderHeld) Line(Names) string { return "" }

// Keys is empty: nothing that is shown changes.
func (ReminderHeld) Keys() []string { return nil }

func (e ReminderHeld) apply(i *Incident, _ Record) {
	if i.Review.Reminders.Held == nil {
		i.Review.Reminders.Held = map[string]time.Time{}
	}
	i.Review.Reminders.Held[Due{Kind: e.Clock, Key: e.Key}.name()] = e.Until
}
