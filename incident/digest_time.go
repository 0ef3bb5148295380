package incident

import (
	"slices"
	"time"
)

// NextDigest is the first Monday at 9:00 of a zone after t.
func NextDigest(t time.Time, zone *time.Location) time.Time {
	for day := CivilOf(t, zone); ; day = day.Plus(1) {
		if at := day.clock(workFrom, zone); day.Weekday() == time.Monday && at.After(t) {
			return at.UTC()
		}
	}
}

// NextHour is the next time after t that a clock of a zone shows a full hour.
func NextHour(t time.Time, hour int, zone *time.Location) time.Time {
	for day := CivilOf(t, zone); ; day = day.Plus(1) {
		if at := day.clock(hour, zone); at.After(t) {
			return at.UTC()
		}
	}
}

// WorkingFrom is the first moment at or after t in the working hours of a zone:
// nothing that can wait is said outside of them.
func WorkingFrom(t time.Time, zone *time.Location) time.Time { return workingFrom(t, zone) }

// Escalated says that the action was given a person and a date anew because two
// sprints had not seen it done.
func (a Action) Escalated() bool {
	return slices.ContainsFunc(a.Moves, func(m Move) bool { return m.Reason == "" }) // a new date has a reason
}
