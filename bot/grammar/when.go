package grammar

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Tolerance is how far ahead of now a time may lie: people's clocks differ.
const Tolerance = 60 * time.Second

// When reads TIME at the beginning of a line and answers in UTC; the zero time
// means that there is none. zone is the person's own (nil is UTC).
//
//   - H:MM[:SS] is the latest past occurrence in zone, see clock.latest; with Z or
//     ±hh:mm behind it, in that zone instead. " UTC", " GMT" and the zone's own
//     name of that moment (" CET"), as Echo prints it, are understood too.
//   - RFC 3339, and the same without seconds or with a space for the T. Without an
//     offset it is in zone.
//   - N(s|m|h|d) ago, the unit also spelt out or apart: "5 min ago". A day is 24 hours.
//
// A time more than Tolerance ahead is refused. A bare time of day never is: ahead
// of now it was meant for yesterday, which Echo shows.
func When(l Line, now time.Time, zone *time.Location) (time.Time, Line, error) {
	if !timely(l) {
		return time.Time{}, l, nil
	}
	if zone == nil {
		zone = time.UTC
	}
	limit := now.Add(Tolerance)
	for _, read := range []func(Line, time.Time, *time.Location) (time.Time, Line, bool){readAgo, readDated, readBare} {
		at, rest, ok := read(l, limit, zone)
		if !ok || at.IsZero() {
			continue
		}
		if at.After(limit) {
			return time.Time{}, l, future(l, rest)
		}
		return at.UTC(), rest, nil
	}
	return time.Time{}, l, nil
}

// timely says whether a time may stand at the beginning of a line: each way of writing
// one begins with a digit, and most lines do not.
func timely(l Line) bool { return !l.Empty() && asciiDigit(rune(l.text[l.from])) }

// AtWhen reads "at TIME". "at" counts only when a time follows: in "at the bar"
// there is none.
func AtWhen(l Line, now time.Time, zone *time.Location) (time.Time, Line, error) {
	w, rest := l.Next()
	if !w.Is("at") {
		return time.Time{}, l, nil
	}
	at, after, err := When(rest, now, zone)
	if err != nil || at.IsZero() {
		return time.Time{}, l, err
	}
	return at, after, nil
}

// AnyWhen reads "at TIME" or TIME.
func AnyWhen(l Line, now time.Time, zone *time.Location) (time.Time, Line, error) {
	at, rest, err := AtWhen(l, now, zone)
	if err != nil || !at.IsZero() {
		return at, rest, err
	}
	return When(l, now, zone)
}

func future(l, rest Line) *Problem {
	typed := bare(strings.TrimSpace(l.text[l.from:rest.from]))
	return &Problem{
		Code: FutureRefused, Typed: typed, Try: []string{"14:05", "5m ago"},
		Sentence: fmt.Sprintf("%s is in the future, and only what has happened can be recorded: write a past time such as `14:05` or `5m ago`, or leave it out for now.", typed),
	}
}

// units are the lengths that N may be counted in, by each of their spellings.
var units = unitTable(map[time.Duration]string{
	time.Second: "s sec secs second seconds", time.Minute: "m min mins minute minutes",
	time.Hour: "h hr hrs hour hours", 24 * time.Hour: "d day days",
})

func unitTable(spellings map[time.Duration]string) map[string]time.Duration {
	table := make(map[string]time.Duration)
	for unit, words := range spellings {
		for _, word := range strings.Fields(words) {
			table[word] = unit
		}
	}
	return table
}

// agoForm lets at most five digits through: 99999 days still fit a Duration.
var agoForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{1,5})([a-z]*)$`) })

// readAgo reads "5m ago". limit is Tolerance ahead of now.
func readAgo(l Line, limit time.Time, _ *time.Location) (time.Time, Line, bool) {
	w, rest := l.Next()
	m := agoForm().FindStringSubmatch(strings.ToLower(w.Text))
	if w.Kind != Plain || m == nil {
		return time.Time{}, l, false
	}
	spelling := m[2]
	if spelling == "" {
		w, rest = rest.Next()
		spelling = strings.ToLower(w.Text)
	}
	unit, ok := units[spelling]
	w, rest = rest.Next()
	if !ok || w.Kind != Plain || !strings.EqualFold(bare(w.Text), "ago") {
		return time.Time{}, l, false
	}
	return limit.Add(-Tolerance - time.Duration(number(m[1]))*unit), rest, true
}

// dateTime is a date and what follows it, joined by T.
var dateTime = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[Tt](.+)$`) })

// readDated reads RFC 3339 and the forms close to it.
func readDated(l Line, limit time.Time, zone *time.Location) (time.Time, Line, bool) {
	w, rest := l.Next()
	if w.Kind != Plain {
		return time.Time{}, l, false
	}
	date, timeOfDay := w.Text, ""
	if m := dateTime().FindStringSubmatch(w.Text); m != nil {
		date, timeOfDay = m[1], m[2]
	} else if isoForm().MatchString(date) {
		w, rest = rest.Next()
		timeOfDay = w.Text
	}
	if at, err := time.Parse(time.RFC3339, date+"T"+strings.ToUpper(bare(timeOfDay))); err == nil {
		return at, rest, true
	}
	d, known := readISO(date)
	c, ok := readClock(bare(timeOfDay))
	if !known || !ok {
		return time.Time{}, l, false
	}
	if c.offset != nil {
		return c.dated(d, limit, c.offset), rest, true
	}
	plain := c.dated(d, limit, zone)
	if bare(timeOfDay) != timeOfDay {
		return plain, rest, true
	}
	name, after := zoneName(rest)
	switch name {
	case "":
	case "UTC", "GMT":
		return c.dated(d, limit, time.UTC), after, true
	default:
		for _, at := range c.on(d.Year, d.Month, d.Day, zone) {
			if at.In(zone).Format("MST") == name {
				return at, after, true
			}
		}
	}
	return plain, rest, true
}

// readBare reads a time of day.
func readBare(l Line, limit time.Time, zone *time.Location) (time.Time, Line, bool) {
	w, rest := l.Next()
	c, ok := readClock(bare(w.Text))
	if w.Kind != Plain || !ok {
		return time.Time{}, l, false
	}
	always := func(time.Time) bool { return true }
	if c.offset != nil {
		at, found := c.latest(limit, c.offset, always)
		return at, rest, found
	}
	if name, after := zoneName(rest); name != "" && bare(w.Text) == w.Text {
		in, keep := zone, func(at time.Time) bool { return at.In(zone).Format("MST") == name }
		if name == "UTC" || name == "GMT" {
			in, keep = time.UTC, always
		}
		if at, found := c.latest(limit, in, keep); found {
			return at, after, true
		}
	}
	at, found := c.latest(limit, zone, always)
	return at, rest, found
}

// zoneName is the next word when it could be a zone's name: capitals only.
func zoneName(l Line) (string, Line) {
	w, rest := l.Next()
	name := bare(w.Text)
	outside := func(r rune) bool { return r < 'A' || r > 'Z' }
	if w.Kind != Plain || len(name) < 2 || len(name) > 5 || strings.ContainsFunc(name, outside) {
		return "", l
	}
	return name, rest
}

// Echo prints a moment as people confirm it, "14:05 CET (13:05 UTC)": local time
// and UTC, with seconds where there are any and with the date where it is not
// today's in zone. A zone without a name of letters is printed as its offset.
func Echo(t, now time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	layout := "15:04"
	if t.Second() != 0 {
		layout = "15:04:05"
	}
	local, utc := t.In(zone), t.UTC()
	here := layout
	if incident.CivilOf(t, zone) != incident.CivilOf(now, zone) {
		here = "2006-01-02 " + layout
	}
	name, offset := local.Zone()
	if offset == 0 {
		return local.Format(here) + " UTC"
	}
	if strings.ContainsAny(name, "+-") || name == "" {
		name = local.Format("-07:00")
	}
	there := layout
	if incident.CivilOf(t, zone) != incident.CivilOf(t, time.UTC) {
		there = "2006-01-02 " + layout
	}
	return local.Format(here) + " " + name + " (" + utc.Format(there) + " UTC)"
}
