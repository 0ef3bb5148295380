package rfo

import (
	"fmt"
	"strings"

	htmltemplate "github.com/DataDog/datadog-agent/pkg/template/html"
)

// Sizes of the picture, in its own units. It is as wide as the page and grows by
// a row for each phase, label above bar, so that it can be read on a phone.
const (
	pictureWidth = 640
	pictureRow   = 48
	barHeight    = 14
)

// part is an optional section of the HTML page.
type part struct {
	Title  string
	Answer Answer
}

func newPart(title string, a Answer) part { return part{title, a} }

// picture draws the phases as an inline SVG. Its description says all of it in
// words, for those who do not see it. Colour is never the only sign: the largest
// phase is named so.
func (v view) picture() htmltemplate.HTML {
	p := v.Speed.Phases
	list := bars(p, pictureWidth)
	esc := htmltemplate.HTMLEscapeString
	var b strings.Builder
	height := len(list) * pictureRow
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" role="img" aria-labelledby="phases-title phases-text" xmlns="http://www.w3.org/2000/svg">`, pictureWidth, height)
	fmt.Fprintf(&b, `<title id="phases-title">Phases of the response</title><desc id="phases-text">%s</desc>`, esc(v.pictureText()))
	for n, one := range list {
		top := n * pictureRow
		label, class := one.Label+": "+one.Text(), "bar"
		switch {
		case one.Largest:
			label, class = label+" (largest)", "worst"
		case one.Quiet:
			label, class = label+" (users were well)", "quiet"
		}
		fmt.Fprintf(&b, "\n"+`<text x="0" y="%d">%s</text><rect class="rail" x="0" y="%d" width="%d" height="%d"/>`,
			top+20, esc(label), top+27, pictureWidth, barHeight)
		if one.Length > 0 {
			fmt.Fprintf(&b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, class, one.Offset, top+27, max(one.Length, 2), barHeight)
		}
	}
	b.WriteString("\n</svg>")
	return htmltemplate.HTML(b.String()) // every text in it was escaped above, all else are numbers
}

// pictureText is the picture in words.
func (v view) pictureText() string {
	p := v.Speed.Phases
	var parts []string
	for _, one := range p.List {
		text := one.Name + ": " + one.Text()
		if one.Largest {
			text += ", the largest"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ") + ". Total " + p.Total.String() + "."
}
