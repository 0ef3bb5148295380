package incident

import (
	"cmp"
	"slices"
	"time"
)

// Line is one line of the timeline as it is read now.
type Line struct {
	Seq    int64 // E5 is 5
	At     time.Time
	By     PersonID
	Kind   string // of the event
	Text   string
	Edited bool // worded anew by somebody; the original is in the log
}

// Timeline is the log read aloud: what happened, in the order it happened, with
// later wordings, without what was hidden or taken back. log is the whole log.
func Timeline(i *Incident, log []Record, names Names) []Line {
	undone := map[CommandID]bool{}
	for _, r := range log {
		if u, ok := r.Event.(Undone); ok {
			undone[u.Command] = true
		}
	}
	lines := make([]Line, 0, len(log))
	for _, r := range log {
		if _, hidden := i.Log.Hidden[r.Seq]; hidden || undone[r.Command] {
			continue
		}
		l := Line{Seq: r.Seq, At: r.Occurred, By: r.Actor, Kind: r.Event.Kind(), Text: r.Event.Line(names)}
		if l.Text == "" {
			continue
		}
		if edits := i.Log.Edits[r.Seq]; len(edits) > 0 {
			l.Text, l.Edited = PlainText(edits[len(edits)-1].Text, names), true
		}
		lines = append(lines, l)
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq)) })
	return lines
}
