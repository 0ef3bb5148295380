package rfo

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/rollcall-bot/rollcall/incident"
)

// An edition is the document as a file that people may edit. Comments that no
// reader sees mark each section as a region, with a hash of what was written into
// it, so that an edited one is told from one that may be replaced. What people
// wrote is kept as overlays, which every later edition carries.

// The places of text that belongs to no section.
const (
	frontPlace  = "front"  // more lines of the front matter
	titleRegion = "title"  // from the first heading to the first section
	afterPlace  = "after/" // in front of a region's name: what follows it, outside
)

// chapter is one section of a document.
type chapter struct {
	name string
	text []string
}

// parted is a document in its parts: the front matter with its fences, and the
// sections, each from its heading to the next.
type parted struct {
	front []string
	parts []chapter
}

// split takes a document of ours apart.
func split(md []byte) parted {
	lines := strings.Split(strings.TrimRight(string(md), "\n"), "\n")
	var p parted
	p.front, lines = cutFront(lines)
	for _, line := range lines {
		name, heading := strings.CutPrefix(line, "## ")
		switch {
		case heading:
			p.parts = append(p.parts, chapter{name: p.fresh(slug(name))})
		case len(p.parts) == 0:
			p.parts = append(p.parts, chapter{name: titleRegion})
		}
		last := &p.parts[len(p.parts)-1]
		last.text = append(last.text, line)
	}
	for n := range p.parts {
		p.parts[n].text = trimLines(p.parts[n].text)
	}
	return p
}

// cutFront takes the front matter off, with its fences.
func cutFront(lines []string) (front, rest []string) {
	if len(lines) == 0 || lines[0] != "---" {
		return nil, lines
	}
	if end := slices.Index(lines[1:], "---"); end >= 0 {
		return lines[:end+2], lines[end+2:]
	}
	return nil, lines
}

// fresh is a name that no part has yet.
func (p parted) fresh(name string) string {
	unique := name
	for n := 2; p.has(unique); n++ {
		unique = name + "-" + strconv.Itoa(n)
	}
	return unique
}

func (p parted) has(name string) bool {
	return slices.ContainsFunc(p.parts, func(one chapter) bool { return one.name == name })
}

// textOf is what stands in a part.
func (p parted) textOf(name string) []string {
	for _, one := range p.parts {
		if one.name == name {
			return one.text
		}
	}
	return nil
}

// slug is a heading as a name.
func slug(heading string) string {
	words := strings.FieldsFunc(strings.ToLower(heading), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}

// trimLines takes empty lines off both ends.
func trimLines(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func hashLines(lines []string) string {
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:8])
}

// Edition is the Markdown of a document as a file: with what people wrote into
// earlier ones, and with marks around its regions. Where the document and a person
// changed the same lines, both stand there and it says so.
func Edition(md []byte, overlays []incident.Overlay, revision int) []byte {
	p := laid(md, overlays)
	var out []string
	put := func(lines ...string) {
		if len(lines) > 0 {
			out = append(append(out, lines...), "")
		}
	}
	put(p.front...)
	if len(p.front) > 0 {
		put("<!-- rollcall:front front r" + strconv.Itoa(revision) + " " + hashLines(p.front) + " -->")
	}
	put(overlayLines(overlays, afterPlace+frontPlace)...)
	for _, one := range p.parts {
		put("<!-- rollcall:begin " + one.name + " r" + strconv.Itoa(revision) + " " + hashLines(one.text) + " -->")
		put(one.text...)
		put("<!-- rollcall:end " + one.name + " -->")
		put(overlayLines(overlays, afterPlace+one.name)...)
	}
	return []byte(strings.Join(out[:len(out)-1], "\n") + "\n")
}

// laid is a document with what people wrote laid over it.
func laid(md []byte, overlays []incident.Overlay) parted {
	p := split(md)
	if more := overlayLines(overlays, frontPlace); len(more) > 0 && len(p.front) > 1 {
		p.front = slices.Concat(p.front[:len(p.front)-1], more, p.front[len(p.front)-1:])
	}
	for _, o := range overlays {
		if o.Section == frontPlace || strings.HasPrefix(o.Section, afterPlace) {
			continue
		}
		if !p.has(o.Section) { // the section has gone; what was written in it has not
			p.parts = append(p.parts, chapter{name: o.Section, text: lines(o.Text)})
			continue
		}
		for n, one := range p.parts {
			if one.name == o.Section {
				p.parts[n].text = trimLines(merge3(lines(o.Base), lines(o.Text), one.text, conflict))
			}
		}
	}
	return p
}

// conflict shows what the document says where a person wrote something else.
func conflict(theirs []string) []string {
	out := []string{"", "> **Edited by hand above.** Rollcall would write here now:", ">"}
	if len(theirs) == 0 {
		out[1] = "> **Edited by hand above.** Rollcall would write nothing here any more."
		return append(out[:2], "")
	}
	for _, line := range theirs {
		out = append(out, strings.TrimRight("> "+line, " "))
	}
	return append(out, "")
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func overlayLines(overlays []incident.Overlay, section string) []string {
	for _, o := range overlays {
		if o.Section == section {
			return lines(o.Text)
		}
	}
	return nil
}

var regionMark = lazily(`^<!-- rollcall:(front|begin|end) ([^ ]+)(?: r(\d+) ([0-9a-f]+))? -->\s*$`)

// Plain is an edition without its marks, for places that would show them.
func Plain(edition []byte) []byte {
	var out []string
	for _, line := range strings.Split(string(edition), "\n") {
		if regionMark().MatchString(line) {
			if len(out) > 0 && out[len(out)-1] == "" {
				out = out[:len(out)-1]
			}
			continue
		}
		out = append(out, line)
	}
	return []byte(strings.TrimRight(strings.Join(out, "\n"), "\n") + "\n")
}
