package incident

import "time"

// snoozeWait is by how much the reminder of an update is put off.
const snoozeWait = 10 * time.Minute

// SnoozeUpdate puts off the reminder that an update is due.
type SnoozeUpdate struct{}

// Verb is "update_snooze".
func (SnoozeUpdate) Verb() string { return "update_snooze" }

// Needs nothing from outside.
func (SnoozeUpdate) Needs() Needs { return Needs{} }

func (SnoozeUpdate) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	until := s.At.Add(snoozeWait)
	switch at, ok := i.NextUpdate(f.Policy); {
	case !ok:
		return Decision{}, refuse(Conflict, "update_snooze.none", "key", i.Key())
	case i.Log.Snoozed.After(s.At):
		return Decision{}, refuse(Conflict, "update_snooze.twice", "until", i.Log.Snoozed)
	case i.Log.Asked.IsZero() && at.After(until):
		return Decision{}, refuse(Conflict, "update_snooze.early", "at", at)
	}
	return Decision{
		Events: []Event{UpdateSnoozed{Until: until}},
		Say:    say("update_snooze.done", "key", i.Key(), "until", until),
	}, nil
}

// UpdateSnoozed is an update that was due and was put off.
type UpdateSnoozed struct{ Until time.Time }

var _ = register[UpdateSnoozed]()

// Kind is "update.snoozed".
func (UpdateSnoozed) Kind() string { return "update.snoozed" }

// Line says so without blame.
func (UpdateSnoozed) Line(Names) string { return "put the update to stakeholders off" }

// Keys is the clock of updates.
func (UpdateSnoozed) Keys() []string { return []string{"update_clock"} }

func (e UpdateSnoozed) apply(i *Incident, _ Record) { i.Log.Snoozed = e.Until }
