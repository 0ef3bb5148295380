package rfo

import (
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

// Phases cut the time from the first known moment to the last into consecutive
// pieces, so that they sum to the total.
type Phases struct {
	List    []Phase  `json:"list"`
	From    string   `json:"from,omitempty"`
	To      string   `json:"to,omitempty"`
	Total   Span     `json:"total_seconds"`
	Outside []string `json:"outside,omitempty"` // moments not recorded that would lie before the first or after the last
	// OutOfOrder is set when moments contradict each other. The phases then follow
	// the clock, and some of them cannot be right.
	OutOfOrder bool `json:"out_of_order,omitempty"`
}

// Phase is the time between two moments that followed each other.
type Phase struct {
	Name      string   `json:"name"` // such as "Declared → Leader set, incl. Call open"
	From      Stamp    `json:"from"`
	To        Stamp    `json:"to"`
	Span      Span     `json:"seconds"`
	About     bool     `json:"about,omitempty"`
	Including []string `json:"including,omitempty"` // moments not recorded that lie somewhere inside
	Quiet     bool     `json:"quiet,omitempty"`     // users were well and nobody responded: until a reopening
	Largest   bool     `json:"largest,omitempty"`
}

// Text is the length in words.
func (p Phase) Text() string {
	if p.About {
		return "about " + p.Span.String()
	}
	return p.Span.String()
}

// Largest is the longest phase that is not quiet.
func (p Phases) Largest() (Phase, bool) {
	for _, one := range p.List {
		if one.Largest {
			return one, true
		}
	}
	return Phase{}, false
}

// beside are moments that no other one waits for, so that they cut no phase.
var beside = []incident.StampName{incident.FirstComms, published}

// phases cuts the response into phases. The moments are taken in the order in
// which they happened, which is not always the expected one: a leader may be set
// before the call is open.
func (m moments) phases() Phases {
	type place struct {
		Stamp
		index int // in the expected order
	}
	var known, lost []place
	for index, s := range m.list {
		switch {
		case slices.Contains(beside, s.Name):
		case s.Known():
			known = append(known, place{s, index})
		default:
			lost = append(lost, place{s, index})
		}
	}
	slices.SortStableFunc(known, func(a, b place) int { return a.At.Compare(b.At) })
	var p Phases
	inside := map[int]bool{}
	for n := 1; n < len(known); n++ {
		from, to := known[n-1], known[n]
		phase := Phase{
			From: from.Stamp, To: to.Stamp, Span: Span(to.At.Sub(from.At)), Name: from.Title + " → " + to.Title,
			About: from.Quality == incident.Estimated || to.Quality == incident.Estimated,
			Quiet: strings.HasPrefix(string(to.Name), string(reopened)),
		}
		for _, l := range lost {
			if l.index > from.index && l.index < to.index && !inside[l.index] {
				inside[l.index] = true
				phase.Including = append(phase.Including, l.Title)
			}
		}
		if len(phase.Including) > 0 {
			phase.Name += ", incl. " + strings.Join(phase.Including, ", ")
		}
		p.List = append(p.List, phase)
		p.Total += phase.Span
	}
	for _, l := range lost {
		if !inside[l.index] {
			p.Outside = append(p.Outside, l.Title)
		}
	}
	if len(known) > 0 {
		p.From, p.To = known[0].Title, known[len(known)-1].Title
	}
	p.markLargest()
	return p
}

// markLargest marks the longest phase; of equal ones the first. A phase of no
// length at all is not worth naming.
func (p *Phases) markLargest() {
	best := -1
	for n, one := range p.List {
		if !one.Quiet && one.Span > 0 && (best < 0 || one.Span > p.List[best].Span) {
			best = n
		}
	}
	if best >= 0 {
		p.List[best].Largest = true
	}
}
