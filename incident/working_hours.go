package incident

import "time"

// People are reminded of what is not urgent from workFrom to workTo, Monday to
// Friday, of their own day.
const (
	workFrom = 9 // o'clock
	workTo   = 17
)

// zoneOf is the zone that a person is reminded in: their own where it is known,
// else the team's.
func (p *Policy) zoneOf(who PersonID) *time.Location {
	if p.ZoneOf != nil {
		if zone := p.ZoneOf(who); zone != nil {
			return zone
		}
	}
	return p.zone()
}

// workingFrom is the first moment at or after t in working hours.
func workingFrom(t time.Time, zone *time.Location) time.Time {
	for day := CivilOf(t, zone); ; day = day.Plus(1) {
		switch begin, end := day.clock(workFrom, zone), day.clock(workTo, zone); {
		case day.weekend() || !t.Before(end):
		case t.Before(begin):
			return begin.UTC()
		default:
			return t.UTC()
		}
	}
}

// clock is a full hour of the date in a zone. Daylight saving moves no office hour.
func (c Civil) clock(hour int, zone *time.Location) time.Time {
	return time.Date(c.Year, c.Month, c.Day, hour, 0, 0, 0, zone)
}

func (c Civil) weekend() bool {
	day := c.Weekday()
	return day == time.Saturday || day == time.Sunday
}

// workday is the date, or the Friday before it.
func (c Civil) workday() Civil {
	for c.weekend() {
		c = c.Plus(-1)
	}
	return c
}
