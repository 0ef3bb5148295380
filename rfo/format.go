package rfo

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Layouts of times. Machines get RFC 3339.
const (
	minuteLayout = "2006-01-02 15:04"
	secondLayout = "2006-01-02 15:04:05"
	dayLayout    = "2006-01-02"
)

// when is a moment as it stands in a sentence: date, time and zone.
func when(t time.Time) string { return t.UTC().Format(minuteLayout) + " UTC" }

// whenExact has seconds, for two moments that would look the same without.
func whenExact(t time.Time) string { return t.UTC().Format(secondLayout) + " UTC" }

// pair words two moments, with seconds when they share a minute.
func pair(a, b time.Time) (string, string) {
	if when(a) == when(b) {
		return whenExact(a), whenExact(b)
	}
	return when(a), when(b)
}

// Span is a length of time. It is seconds in JSON.
type Span time.Duration

// MarshalJSON writes seconds, with a fraction only when there is one.
func (s Span) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(s).Seconds()) }

// String is the length in words: "under 1 s", "45 s", "3 min 20 s", "1 h 22 min",
// "26 h 05 min". Days are left out on purpose: hours compare.
func (s Span) String() string {
	d := time.Duration(s)
	if d < time.Second {
		return "under 1 s"
	}
	d = d.Round(time.Second)
	if d < time.Hour {
		m, sec := int(d/time.Minute), int(d%time.Minute/time.Second)
		switch {
		case m == 0:
			return fmt.Sprintf("%d s", sec)
		case sec == 0:
			return fmt.Sprintf("%d min", m)
		default:
			return fmt.Sprintf("%d min %02d s", m, sec)
		}
	}
	d = d.Round(time.Minute)
	h, m := int(d/time.Hour), int(d%time.Hour/time.Minute)
	if m == 0 {
		return fmt.Sprintf("%d h", h)
	}
	return fmt.Sprintf("%d h %02d min", h, m)
}

// number writes a count with commas: 1,200; shares keep their fraction: 0.4.
func number(v float64) string {
	if v != math.Trunc(v) || math.Abs(v) >= 1e15 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	digits := strconv.FormatFloat(math.Abs(v), 'f', 0, 64)
	var b strings.Builder
	if v < 0 {
		b.WriteByte('-')
	}
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// amount words an estimate: "about 2,000–5,000 users", "12%".
func amount(low, high float64, unit string, about bool) string {
	if unit == "" {
		return ""
	}
	text := number(low)
	if high > low {
		text += "–" + number(high)
	}
	if about {
		text = "about " + text
	}
	if unit == "%" {
		return text + unit
	}
	return text + " " + unit
}

// plural words a count of things.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// localTimes words moments in the team's zone. The date stands only where it is
// not the UTC date beside it; the zone's short name only when the offset changes
// among the moments, because 02:30 may then happen twice.
type localTimes struct {
	zone    *time.Location
	changes bool
}

func newLocalTimes(zone *time.Location, moments []time.Time) localTimes {
	l := localTimes{zone: zone}
	if zone == nil {
		return l
	}
	offsets := map[int]bool{}
	for _, t := range moments {
		_, offset := t.In(zone).Zone()
		offsets[offset] = true
	}
	l.changes = len(offsets) > 1
	return l
}

func (l localTimes) word(t time.Time, seconds bool) string {
	if l.zone == nil || t.IsZero() {
		return ""
	}
	local := t.In(l.zone)
	layout := "15:04"
	if seconds {
		layout = "15:04:05"
	}
	if local.Format(dayLayout) != t.UTC().Format(dayLayout) {
		layout = dayLayout + " " + layout
	}
	if l.changes {
		layout += " MST"
	}
	return local.Format(layout)
}
