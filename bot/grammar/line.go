package grammar

import (
	"sort"
	"strings"
	"unicode"
)

// Kind says what a Word is.
type Kind int

// The kinds of words.
const (
	End    Kind = iota // there is no word left
	Plain              // anything up to the next space
	User               // a person
	Group              // a user group, @here, @channel, @everyone
	Name               // @name that is only text
	Quoted             // "…", without the quotes; may hold spaces
	URL                // a link; in text an http(s) address
)

// Word is one word of a Line.
type Word struct {
	Kind  Kind
	Text  string // as in plain text
	ID    string // of a User or a Group ("S1", "here")
	Label string // what Slack showed for it; "" when it sent none
}

// Is says whether the word is one of these, in any case of letters.
func (w Word) Is(words ...string) bool {
	if w.Kind != Plain {
		return false
	}
	for _, one := range words {
		if strings.EqualFold(w.Text, one) {
			return true
		}
	}
	return false
}

// Line is normalised text, or the rest of one. It is a value: walking it leaves
// it as it was, so that a reading can be given up. The zero Line is empty.
type Line struct {
	text     string // of the whole line
	spans    []span // of the whole line, in order
	from, to int    // the part that is left, without space around it
}

// span is a word that is more than its characters.
type span struct {
	from, to  int
	kind      Kind
	id, label string
}

// Text is the rest of the line as plain text, word for word and with its line
// breaks; people are marks.
func (l Line) Text() string { return l.text[l.from:l.to] }

// Empty says that nothing is left.
func (l Line) Empty() bool { return l.from >= l.to }

// Next takes the first word off. A word ends at white space and where a person, a
// group or a link begins or ends. A comma or colon that follows a person is passed
// over, since it only separates: "@ana: look at the queue".
func (l Line) Next() (Word, Line) {
	if l.Empty() {
		return Word{}, l
	}
	if s, ok := l.spanAt(l.from); ok {
		rest := l.after(s.to)
		if s.kind == User {
			rest = rest.withoutSeparator(s.to)
		}
		return Word{Kind: s.kind, Text: l.text[s.from:s.to], ID: s.id, Label: s.label}, rest
	}
	if w, rest, ok := l.quoted(); ok {
		return w, rest
	}
	end := l.to
	if s, ok := l.spanAfter(l.from); ok {
		end = s.from
	}
	if space := strings.IndexFunc(l.text[l.from:end], unicode.IsSpace); space >= 0 {
		end = l.from + space
	}
	text := l.text[l.from:end]
	return Word{Kind: kindOf(text), Text: text}, l.after(end)
}

func kindOf(text string) Kind {
	for _, scheme := range []string{"https://", "http://"} {
		if len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
			return URL
		}
	}
	if len(text) > 1 && text[0] == '@' {
		return Name
	}
	return Plain
}

// quoted reads a double-quoted word: its closing quote is the first one on the same
// line that white space or the end follows. A single quote is more often an apostrophe.
func (l Line) quoted() (Word, Line, bool) {
	text := l.Text()
	if text[0] != '"' {
		return Word{}, l, false
	}
	for i := 1; i < len(text) && text[i] != '\n'; i++ {
		if text[i] != '"' || i+1 < len(text) && !isSpace(text[i+1]) {
			continue
		}
		inside := strings.TrimSpace(text[1:i])
		return Word{Kind: Quoted, Text: inside}, l.after(l.from + i + 1), inside != ""
	}
	return Word{}, l, false
}

// Users lists the people in the rest of the line by id, each once, in order.
func (l Line) Users() []string {
	var ids []string
	seen := map[string]bool{}
	for _, s := range l.inside() {
		if s.kind == User && !seen[s.id] {
			seen[s.id] = true
			ids = append(ids, s.id)
		}
	}
	return ids
}

// Rename gives people other ids, as when Slack's are exchanged for our own. An id
// that cannot stand in a mark ([A-Za-z0-9_-]+), such as "", leaves the person as is.
func (l Line) Rename(id func(string) string) Line {
	var b builder
	at := l.from
	for _, s := range l.inside() {
		b.typed(l.text[at:s.from])
		at = s.to
		if s.kind != User {
			b.spanned(s, l.text[s.from:s.to])
			continue
		}
		renamed := id(s.id)
		if !markID(renamed) {
			renamed = s.id
		}
		b.person(renamed, s.label)
	}
	b.typed(l.text[at:l.to])
	return b.line()
}

// inside are the spans of the rest.
func (l Line) inside() []span {
	first := sort.Search(len(l.spans), func(i int) bool { return l.spans[i].from >= l.from })
	last := sort.Search(len(l.spans), func(i int) bool { return l.spans[i].to > l.to })
	return l.spans[first:max(first, last)]
}

func (l Line) spanAt(at int) (span, bool) {
	s, ok := l.spanAfter(at - 1)
	return s, ok && s.from == at
}

// spanAfter is the first span of the rest that begins after at.
func (l Line) spanAfter(at int) (span, bool) {
	spans := l.inside()
	i := sort.Search(len(spans), func(i int) bool { return spans[i].from > at })
	if i == len(spans) {
		return span{}, false
	}
	return spans[i], true
}

// after is the rest of the line from an offset in it on.
func (l Line) after(at int) Line {
	l.from = at
	return l.trimmed()
}

// before is the line up to an offset in it.
func (l Line) before(at int) Line {
	l.to = at
	return l.trimmed()
}

func (l Line) trimmed() Line {
	text := l.text[l.from:l.to]
	left := strings.TrimLeftFunc(text, unicode.IsSpace)
	l.from += len(text) - len(left)
	l.to = l.from + len(strings.TrimRightFunc(left, unicode.IsSpace))
	return l
}

// withoutSeparator passes over a comma or colon at an offset, unless it is glued
// to what follows.
func (l Line) withoutSeparator(at int) Line {
	text := l.Text()
	if l.from != at || text == "" || !isSeparator(text[0]) || len(text) > 1 && !isSpace(text[1]) {
		return l
	}
	return l.after(at + 1)
}

func isSeparator(c byte) bool { return c == ',' || c == ':' }

// isSpace knows the two kinds of space that are left after normalising.
func isSpace(c byte) bool { return c == ' ' || c == '\n' }

// bare is a word without the comma or colon that separates it from what follows.
func bare(word string) string {
	if n := len(word); n > 1 && isSeparator(word[n-1]) {
		return word[:n-1]
	}
	return word
}
