package rfo

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// moment is a time in a template.
type moment = time.Time

// view is what the templates see: the document, and what only a reader needs.
type view struct {
	Document
	Local localTimes // times in the team's zone
	Zone  string     // its name; "" for no second column
}

func newView(d Document) view {
	v := view{Document: d}
	if d.Head.TeamZone != nil {
		v.Zone = d.Head.TeamZone.String()
	}
	var all []time.Time
	for _, r := range d.Timeline.Rows {
		all = append(all, r.At)
	}
	for _, s := range d.Speed.Stamps {
		if s.Quality != missing {
			all = append(all, s.At)
		}
	}
	v.Local = newLocalTimes(d.Head.TeamZone, all)
	return v
}

// stampSeconds says whether a moment shares its minute with another known one.
func (v view) stampSeconds(s Stamp) bool {
	for _, other := range v.Speed.Stamps {
		if other.Name != s.Name && other.Quality != missing && !other.At.Equal(s.At) && when(other.At) == when(s.At) {
			return true
		}
	}
	return false
}

// stamps are the moments of the table: all but the publishing of this
// document, which its history tells.
func (v view) stamps() []Stamp {
	return slices.DeleteFunc(slices.Clone(v.Speed.Stamps), func(s Stamp) bool { return s.Name == published })
}

// moment is a time of a table whose head names the zone.
func (v view) moment(s Stamp) string {
	if s.Quality == missing {
		return "not recorded"
	}
	return map[Bound]string{"": "", AtLatest: "≤ ", AtEarliest: "≥ "}[s.Bound] + string(clock(s.At, v.stampSeconds(s)))
}

// momentLocal is the time in the team's zone.
func (v view) momentLocal(s Stamp) string {
	if s.Quality == missing {
		return ""
	}
	return v.Local.word(s.At, v.stampSeconds(s))
}

// sourceOf is how a moment is known, and what it was before it was corrected.
func sourceOf(s Stamp) string {
	if s.Quality == missing {
		return ""
	}
	text := s.Source
	if s.By != "" && s.Bound == "" {
		text += " (" + s.By + ")"
	}
	for _, f := range s.Former {
		text += "; before: " + when(f.At)
	}
	return text
}

// headlines are the two figures that this document is proud of.
func (v view) headlines() []Metric {
	return slices.DeleteFunc(slices.Clone(v.Speed.Metrics), func(m Metric) bool { return !m.Headline })
}

// visibility is who may read it.
func (v view) visibility() string {
	if v.Head.Incident.Private {
		return "private"
	}
	return "workspace"
}

// estimated says who gave the estimate, and when.
func estimated(e Estimate) string {
	if e.At.IsZero() {
		return ""
	}
	text := "estimated " + when(e.At)
	if e.By != "" {
		text = "estimated by " + e.By + ", " + when(e.At)
	}
	return text
}

// clock is a time of a table whose head names the zone: date always, seconds
// only where they tell rows apart.
func clock(t time.Time, seconds bool) markdown {
	if seconds {
		return markdown(t.UTC().Format(secondLayout))
	}
	return markdown(t.UTC().Format(minuteLayout))
}

// machine is a time for machines, "" for none.
func machine(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// barWidth is how many characters the text bar has.
const barWidth = 32

// oneBar is a phase on a line: where it begins, how long it is, out of width.
type oneBar struct {
	Phase
	Offset, Length int
	Label          string
}

// bars places the phases on a line of a given width. Rounding is of the ends, so
// that each begins where the one before it stopped; a phase that took time is at
// least one wide.
func bars(p Phases, width int) []oneBar {
	list := make([]oneBar, 0, len(p.List))
	var done Span
	at := func(s Span) int {
		if p.Total <= 0 {
			return 0
		}
		return int((float64(s)/float64(p.Total))*float64(width) + 0.5)
	}
	for _, one := range p.List {
		b := oneBar{Phase: one, Offset: at(done), Label: one.From.Title + " → " + one.To.Title}
		done += one.Span
		b.Length = at(done) - b.Offset
		if b.Length == 0 && one.Span > 0 {
			b.Length = 1
			b.Offset = min(b.Offset, width-1)
		}
		list = append(list, b)
	}
	return list
}

// bar draws the phases as lines of characters, the same in every font that has
// letters of one width.
func bar(p Phases) string {
	list := bars(p, barWidth)
	wide := 0
	for _, b := range list {
		wide = max(wide, utf8.RuneCountInString(b.Label))
	}
	var lines []string
	for _, b := range list {
		lines = append(lines, fmt.Sprintf("%s%s  %s%s%s  %s", b.Label, strings.Repeat(" ", wide-utf8.RuneCountInString(b.Label)),
			strings.Repeat(".", b.Offset), strings.Repeat("#", b.Length), strings.Repeat(".", barWidth-b.Offset-b.Length), b.Text()))
	}
	return strings.Join(lines, "\n")
}

// fence puts text into a fenced block. Only our own words come here, but a fence
// inside would end it all the same.
func fence(text string) markdown {
	return markdown("```text\n" + strings.ReplaceAll(text, "```", "'''") + "\n```")
}
