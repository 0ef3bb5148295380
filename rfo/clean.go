package rfo

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rollcall-bot/rollcall/incident"
)

// Marks around a name while a text is being put together. They are of the
// private use area, are taken out of everything that comes in, and tell a name
// that we wrote from an "@name" that somebody typed.
const (
	nameBegins = '\uE000'
	nameEnds   = '\uE001'
)

// people calls people by their names, marked.
type people struct{ names incident.Names }

// Name is the marked name.
func (p people) Name(id incident.PersonID) string {
	return string(nameBegins) + p.bare(id) + string(nameEnds)
}

// bare is the name alone. A name is typed by its owner, so it is cleaned like
// any other text and cannot break a line.
func (p people) bare(id incident.PersonID) string {
	name := strings.Join(strings.Fields(clean(p.names.Name(id))), " ")
	if name == "" {
		return "somebody"
	}
	return name
}

// text turns a typed text into plain text: people by name and without the @
// that would call them, no control characters, no lines at the ends.
func (p people) text(typed string) string {
	return unmark(incident.PlainText(typed, p))
}

// unmark takes the marks out, and the @ before a marked name.
func unmark(text string) string {
	text = strings.ReplaceAll(text, "@"+string(nameBegins), "")
	return strings.TrimSpace(clean(text))
}

// clean drops what has no place in a document: control characters, marks that
// turn the direction of the text around them, and bytes that are no text. Every
// kind of line break becomes "\n".
func clean(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f':
			return '\n'
		case r == '\t' || r == '\u00a0':
			return ' '
		case r == utf8.RuneError || r == nameBegins || r == nameEnds || r == '\uFEFF':
			return -1
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f':
			return -1
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, text)
}

// oneLine joins the lines of a text by semicolons, for tables.
func oneLine(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "; ")
}
