package grammar

import (
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// clock is a time of day as typed; offset is nil when it is the reader's own zone.
type clock struct {
	hour, minute, second int
	offset               *time.Location
}

// clockForm is H:MM[:SS][Z|±hh:mm].
var clockForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\d{1,2}):(\d{2})(?::(\d{2}))?(?:([Zz])|([+-])(\d{2}):(\d{2}))?$`)
})

func readClock(word string) (clock, bool) {
	m := clockForm().FindStringSubmatch(word)
	if m == nil {
		return clock{}, false
	}
	c := clock{hour: number(m[1]), minute: number(m[2]), second: number(m[3])}
	if c.hour > 23 || c.minute > 59 || c.second > 59 {
		return clock{}, false
	}
	switch {
	case m[4] != "":
		c.offset = time.UTC
	case m[5] != "":
		seconds := number(m[6])*3600 + number(m[7])*60
		if m[5] == "-" {
			seconds = -seconds
		}
		if !inUse(seconds) {
			return clock{}, false
		}
		c.offset = time.FixedZone("", seconds)
	}
	return c, true
}

// inUse says whether some place on Earth keeps this offset from UTC (IANA time
// zone database, 2025). Without it "10:05-10:30", from five past to half past
// ten, would be a time in a zone that does not exist.
func inUse(seconds int) bool {
	hours, rest := seconds/3600, seconds%3600/60
	switch rest {
	case 0:
		return hours >= -12 && hours <= 14
	case 30:
		return slices.Contains([]int{3, 4, 5, 6, 9, 10}, hours)
	case 45:
		return slices.Contains([]int{5, 8, 12, 13}, hours)
	case -30:
		return slices.Contains([]int{-2, -3, -9}, hours)
	}
	return false
}

// number reads digits that a pattern has let through; none are 0.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// searchDays is how far latest looks back. Two days are enough where the clocks
// went forward over the time of day today; a third where a whole day was left out.
const searchDays = 3

// latest is the last moment up to limit at which clocks in zone showed c and keep
// says so. Only times that were really shown count: one in the hour that is left
// out in spring was last shown the day before, one in the hour that comes twice in
// autumn was last shown the second time, once that is past.
func (c clock) latest(limit time.Time, zone *time.Location, keep func(time.Time) bool) (time.Time, bool) {
	year, month, day := limit.In(zone).Date()
	for back := range searchDays + 1 {
		shown := c.on(year, month, day-back, zone)
		for _, at := range slices.Backward(shown) {
			if !at.After(limit) && keep(at) {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// on lists the moments at which clocks in zone show c on a day, earliest first:
// one as a rule, none or two when the clocks change.
func (c clock) on(year int, month time.Month, day int, zone *time.Location) []time.Time {
	wall := time.Date(year, month, day, c.hour, c.minute, c.second, 0, time.UTC)
	var shown []time.Time
	for _, probe := range []time.Duration{-24 * time.Hour, 0, 24 * time.Hour} {
		at := wall.Add(-offsetAt(wall.Add(probe), zone))
		if offsetAt(at, zone) == wall.Sub(at) && !slices.ContainsFunc(shown, at.Equal) {
			shown = append(shown, at)
		}
	}
	slices.SortFunc(shown, time.Time.Compare)
	return shown
}

// dated is the moment that c on a day means: the later of two unless that is
// still ahead. A time that the clocks left out is counted on from before the gap,
// so that 02:30 is half an hour after 02:00, as RFC 5545 (section 3.3.5) has it.
func (c clock) dated(d incident.Civil, limit time.Time, zone *time.Location) time.Time {
	shown := c.on(d.Year, d.Month, d.Day, zone)
	for _, at := range slices.Backward(shown) {
		if !at.After(limit) {
			return at
		}
	}
	if len(shown) > 0 {
		return shown[0]
	}
	wall := time.Date(d.Year, d.Month, d.Day, c.hour, c.minute, c.second, 0, time.UTC)
	return wall.Add(-offsetAt(wall.Add(-24*time.Hour), zone))
}

func offsetAt(at time.Time, zone *time.Location) time.Duration {
	_, seconds := at.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
