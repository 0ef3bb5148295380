package rfo

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

// ValueState says whether a figure could be computed.
type ValueState string

// The states of a figure. Only Known ones have a Span.
const (
	Known        ValueState = "known"
	NotRecorded  ValueState = "not_recorded"  // Missing says which moments nobody recorded
	OutOfOrder   ValueState = "out_of_order"  // its end lies before its start; Text shows both
	BeforeImpact ValueState = "before_impact" // detected before anybody was affected
)

// The ways in which a known figure is less than exact.
const (
	About   Bound = "about"
	AtLeast Bound = "at_least"
	AtMost  Bound = "at_most"
)

// Value is one figure, or the reason why there is none.
type Value struct {
	State   ValueState `json:"state"`
	Span    Span       `json:"seconds,omitempty"`
	Bound   Bound      `json:"bound,omitempty"`
	Missing []string   `json:"missing,omitempty"`
	Text    string     `json:"text"` // the whole of it in words
}

// notRecorded is the value of a figure that lacks moments.
func notRecorded(missing ...Stamp) Value {
	v := Value{State: NotRecorded}
	for _, s := range missing {
		v.Missing = append(v.Missing, s.Title)
	}
	v.Text = "not recorded (missing: " + strings.Join(v.Missing, ", ") + ")"
	return v
}

// between is the time from one moment to another. A moment of which only a bound
// is known gives a bound of the figure, if it says anything at all.
func between(from, to Stamp) Value {
	var lost []Stamp
	for _, s := range []Stamp{from, to} {
		if s.Quality == missing {
			lost = append(lost, s)
		}
	}
	if len(lost) > 0 {
		return notRecorded(lost...)
	}
	v := Value{State: Known, Span: Span(to.At.Sub(from.At))}
	lower := to.Bound != AtLatest && from.Bound != AtEarliest
	upper := to.Bound != AtEarliest && from.Bound != AtLatest
	switch {
	case lower && upper:
		if v.Span < 0 {
			return outOfOrder(from, to)
		}
		if from.Quality == incident.Estimated || to.Quality == incident.Estimated {
			v.Bound = About
		}
	case lower && v.Span > 0:
		v.Bound = AtLeast
	case upper && v.Span < 0:
		return outOfOrder(from, to)
	case upper && v.Span > 0:
		v.Bound = AtMost
	default: // "at least nothing" says nothing
		return notRecorded(unknown(from, to)...)
	}
	v.Text = v.words(from, to)
	return v
}

// unknown are those of the moments that are not known themselves.
func unknown(stamps ...Stamp) []Stamp {
	var list []Stamp
	for _, s := range stamps {
		if !s.Known() {
			list = append(list, s)
		}
	}
	return list
}

// boundWords stand before a figure that is less than exact.
var boundWords = map[Bound]string{About: "about ", AtLeast: "at least ", AtMost: "at most "}

// words is the figure as it is read, with what it leans on.
func (v Value) words(stamps ...Stamp) string {
	text := boundWords[v.Bound] + v.Span.String()
	var loose []string
	for _, s := range unknown(stamps...) {
		loose = append(loose, s.Title)
	}
	if len(loose) > 0 {
		text += " (time not recorded: " + strings.Join(loose, ", ") + ")"
	}
	return text
}

// outOfOrder shows both moments and no number: clocks differ and people mistype,
// and which of the two is wrong cannot be known here.
func outOfOrder(from, to Stamp) Value {
	a, b := pair(from.At, to.At)
	return Value{
		State: OutOfOrder,
		Text:  "no figure: “" + to.Title + "” (" + b + ") is before “" + from.Title + "” (" + a + ")",
	}
}

// sum adds intervals up. One that is missing or out of order spoils the sum.
func sum(intervals []Interval) Value {
	total := Value{State: Known}
	bounds := map[Bound]bool{}
	var loose []Stamp
	for _, i := range intervals {
		if i.Value.State != Known {
			return i.Value
		}
		total.Span += i.Value.Span
		bounds[i.Value.Bound] = true
		loose = append(loose, unknown(i.Start, i.End)...)
	}
	switch {
	case bounds[AtLeast] && bounds[AtMost]:
		return notRecorded(loose...)
	case bounds[AtLeast]:
		total.Bound = AtLeast
	case bounds[AtMost]:
		total.Bound = AtMost
	case bounds[About]:
		total.Bound = About
	}
	total.Text = total.words(loose...)
	return total
}
