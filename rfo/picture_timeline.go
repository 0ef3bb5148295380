package rfo

import (
	"fmt"
	"slices"
	"strings"

	htmltemplate "github.com/DataDog/datadog-agent/pkg/template/html"
)

// laneRow is the height of a lane of the timeline's picture, label above marks.
const laneRow = 46

// lanes are the kinds of rows in the order of the picture, and what they are called.
var lanes = []struct {
	kind  RowKind
	title string
}{
	{SignalRow, "Signals"}, {StatusRow, "Status"}, {DecisionRow, "Decisions"}, {ActionRow, "Actions"}, {CommsRow, "Told people"}, {NoteRow, "Notes"},
}

// timelinePicture draws what happened as an inline SVG with true distances: a lane
// for each kind, a mark for each row of the table below it, which says all of it in
// words. It is empty where one moment is all there is.
func (v view) timelinePicture() htmltemplate.HTML {
	rows := slices.DeleteFunc(v.Timeline.Body(), func(r Row) bool { return r.Kind == ReviewRow })
	if len(rows) < 2 {
		return ""
	}
	first, last := rows[0].At, rows[0].At
	for _, r := range rows {
		if r.At.Before(first) {
			first = r.At
		}
		if r.At.After(last) {
			last = r.At
		}
	}
	if !last.After(first) {
		return ""
	}
	const margin = 7 // so that the marks at the ends are whole
	at := func(r Row) float64 {
		return margin + float64(r.At.Sub(first))/float64(last.Sub(first))*(pictureWidth-2*margin)
	}
	esc := htmltemplate.HTMLEscapeString
	var body strings.Builder
	var told []string
	top := 0
	for _, lane := range lanes {
		in := slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Kind != lane.kind })
		if len(in) == 0 {
			continue
		}
		label := fmt.Sprintf("%s (%d)", lane.title, len(in))
		told = append(told, label)
		fmt.Fprintf(&body, "\n"+`<text x="0" y="%d">%s</text><rect class="rail" x="0" y="%d" width="%d" height="8"/>`, top+20, esc(label), top+29, pictureWidth)
		for _, r := range in {
			fmt.Fprintf(&body, `<circle class="mark" cx="%.1f" cy="%d" r="6"><title>%s</title></circle>`, at(r), top+33, esc(when(r.At)+": "+r.Text))
		}
		top += laneRow
	}
	ends := when(first) + " to " + when(last)
	fmt.Fprintf(&body, "\n"+`<text x="0" y="%d">%s</text><text x="%d" y="%d" text-anchor="end">%s</text>`, top+20, esc(when(first)), pictureWidth, top+20, esc(when(last)))
	head := fmt.Sprintf(`<svg viewBox="0 0 %d %d" role="img" aria-labelledby="timeline-title timeline-text" xmlns="http://www.w3.org/2000/svg">`+
		`<title id="timeline-title">Timeline</title><desc id="timeline-text">%s: %s. The table says what each was.</desc>`,
		pictureWidth, top+26, esc(ends), esc(strings.Join(told, ", ")))
	return htmltemplate.HTML(head + body.String() + "\n</svg>") // every text in it was escaped above, all else are numbers
}
