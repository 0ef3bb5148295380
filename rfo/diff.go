package rfo

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

// Changes compares two states of a document, with what people wrote into copies of
// each: section by section, the lines that went with "-" and those that came with
// "+". What a document says of itself is left out. It is empty when they say the same.
func Changes(then, now Document, thenBy, nowBy []incident.Overlay) string {
	a, b := laid(Markdown(then.content()), thenBy), laid(Markdown(now.content()), nowBy)
	var out []string
	for _, one := range b.parts {
		out = append(out, changesOf(one.name, a.textOf(one.name), one.text)...)
	}
	for _, one := range a.parts {
		if !b.has(one.name) {
			out = append(out, changesOf(one.name, one.text, nil)...)
		}
	}
	return strings.Join(out, "\n")
}

// changesOf are the changes of one section under its name; none for those that
// tell of the document and not of the incident.
func changesOf(name string, a, b []string) []string {
	if name == titleRegion || name == "revision-history" {
		return nil
	}
	var out []string
	i, j := 0, 0
	put := func(sign string, lines []string) {
		for _, line := range lines {
			if strings.TrimSpace(line) != "" {
				out = append(out, sign+" "+line)
			}
		}
	}
	for _, p := range append(matches(a, b), [2]int{len(a), len(b)}) {
		put("-", a[i:p[0]])
		put("+", b[j:p[1]])
		i, j = p[0]+1, p[1]+1
	}
	if len(out) == 0 {
		return nil
	}
	return append([]string{"@@ " + name}, out...)
}
