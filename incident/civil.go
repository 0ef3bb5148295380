package incident

import (
	"fmt"
	"time"
)

// Civil is a date without a time of day, as deadlines are. The zero Civil is no date.
type Civil struct {
	Year  int
	Month time.Month
	Day   int
}

// CivilOf is the date of a moment in a zone.
func CivilOf(t time.Time, zone *time.Location) Civil {
	y, m, d := t.In(zone).Date()
	return Civil{y, m, d}
}

// String is the date in ISO order, such as 2026-03-04.
func (c Civil) String() string { return fmt.Sprintf("%04d-%02d-%02d", c.Year, c.Month, c.Day) }

// In is the start of the date in a zone.
func (c Civil) In(zone *time.Location) time.Time {
	return time.Date(c.Year, c.Month, c.Day, 0, 0, 0, 0, zone)
}

// Before says whether c is an earlier date than d.
func (c Civil) Before(d Civil) bool { return c.In(time.UTC).Before(d.In(time.UTC)) }

// Plus is the date so many days later.
func (c Civil) Plus(days int) Civil { return CivilOf(c.In(time.UTC).AddDate(0, 0, days), time.UTC) }

// Weekday is the day of the week.
func (c Civil) Weekday() time.Weekday { return c.In(time.UTC).Weekday() }

// Real says that the calendar has this date: 2026-02-30 it has not.
func (c Civil) Real() bool { return c.Month > 0 && c.Day > 0 && c.Plus(0) == c }
