package grammar

import (
	"strings"
	"unicode"
)

// Normalise reads text as Slack sends it: escaped, with mentions and links as
// markup in angle brackets. Markup is recognised before anything is decoded,
// because only Slack can send a bare "<": what a person typed as <@U1> arrives as
// &lt;@U1&gt; and stays text. (The command has to be registered with
// should_escape; without it Slack sends no markup at all.)
//
//   - <@U1|name> is a person; <!subteam^S1|@x>, <!here>, <!channel> and
//     <!everyone> are groups, with "@x" as their text
//   - <#C1|name> becomes "#name"
//   - <url|label> becomes the url, so that what is kept is where it leads; mailto:
//     and tel:, which Slack adds, are taken off
//   - &amp; &lt; &gt; are decoded exactly once
//   - quotes, dashes and spaces are folded to " ' - and a space; an em dash too,
//     although phones make it of "--" (see Line.Literal); line breaks become \n
//   - what cannot be seen is removed, invalid UTF-8 replaced, outer space trimmed
func Normalise(raw string) Line {
	if unmarked(raw) {
		return Line{text: raw, to: len(raw)}.trimmed()
	}
	return normalise(raw)
}

// unmarked says of text that normalising would only trim it: it is printable ASCII,
// without markup and without what Slack escapes.
func unmarked(raw string) bool {
	for i := range len(raw) {
		if c := raw[i]; (c < ' ' || c > '~' || c == '<' || c == '&') && c != '\n' {
			return false
		}
	}
	return true
}

func normalise(raw string) Line {
	var b builder
	for raw != "" {
		start := strings.IndexByte(raw, '<')
		if start < 0 {
			b.typed(entities.Replace(raw))
			break
		}
		b.typed(entities.Replace(raw[:start]))
		inside := raw[start+1:]
		end := strings.IndexAny(inside, "<>")
		if end < 0 || inside[end] == '<' {
			b.typed("<")
			raw = inside
			continue
		}
		b.markup(inside[:end])
		raw = inside[end+1:]
	}
	return b.line()
}

// Typed reads text that nobody has escaped: everything in it is text, and a
// mention in it is not one.
func Typed(raw string) Line {
	var b builder
	b.typed(raw)
	return b.line()
}

// Marked reads plain text of this package again, such as a command line behind a
// button: <@ID> is a person, with whatever kind of id was put there ([A-Za-z0-9_-]+).
// Never give it what came from outside.
func Marked(text string) Line {
	var b builder
	for {
		before, mark, found := strings.Cut(text, "<@")
		b.typed(before)
		if !found {
			return b.line()
		}
		id, after, closed := strings.Cut(mark, ">")
		if !closed || !markID(id) {
			b.typed("<@")
			text = mark
			continue
		}
		b.person(id, "")
		text = after
	}
}

// builder puts a Line together and keeps the promise of plain text: "<@" only
// where a person is.
type builder struct {
	text  strings.Builder
	spans []span
	open  bool // the last character is a "<"
}

// typed adds what a person typed.
func (b *builder) typed(s string) {
	for _, r := range clean(s) {
		if r == '@' && b.open {
			b.text.WriteByte(' ')
		}
		b.text.WriteRune(r)
		b.open = r == '<'
	}
}

// spanned adds text that is one word of a kind of its own.
func (b *builder) spanned(s span, text string) {
	if b.open && strings.HasPrefix(text, "@") {
		b.typed(" ")
	}
	s.from = b.text.Len()
	b.typed(text)
	s.to = b.text.Len()
	if s.to > s.from {
		b.spans = append(b.spans, s)
	}
}

func (b *builder) person(id, label string) {
	from := b.text.Len()
	b.text.WriteString(Mark(id))
	b.open = false
	b.spans = append(b.spans, span{from: from, to: b.text.Len(), kind: User, id: id, label: label})
}

func (b *builder) line() Line {
	text := b.text.String()
	return Line{text: text, spans: b.spans, to: len(text)}.trimmed()
}

// markup adds what Slack sent between angle brackets.
func (b *builder) markup(inside string) {
	body, label, _ := strings.Cut(inside, "|")
	label = oneLine(label)
	switch {
	case strings.HasPrefix(body, "@") && slackUserID(body[1:]):
		b.person(body[1:], label)
	case strings.HasPrefix(body, "#") && slackID(body[1:]):
		b.typed("#" + or(label, body[1:]))
	case strings.HasPrefix(body, "!date^"):
		b.typed(label)
	case strings.HasPrefix(body, "!") && len(body) > 1:
		b.group(body[1:], label)
	default:
		if url, kept := linked(body); kept {
			b.spanned(span{kind: URL, label: label}, url)
		} else {
			b.typed(or(url, "<"+entities.Replace(inside)+">"))
		}
	}
}

// group adds a mention of many: a user group, or everybody who is in the channel.
func (b *builder) group(body, label string) {
	name, id, isGroup := strings.Cut(body, "^")
	if isGroup && label == "" {
		name = "group"
	}
	label = strings.TrimPrefix(label, "@")
	b.spanned(span{kind: Group, id: or(id, name), label: label}, "@"+or(label, name))
}

// linked reads the target of a link. kept says that it is one word that is a URL;
// an address that Slack put mailto: or tel: in front of is mere text again, and
// what is no link at all is "".
func linked(body string) (target string, kept bool) {
	target = clean(entities.Replace(body))
	scheme, rest, found := strings.Cut(target, ":")
	if !found || rest == "" || !schemeName(scheme) || strings.ContainsFunc(target, unicode.IsSpace) {
		return "", false
	}
	switch strings.ToLower(scheme) {
	case "mailto", "tel":
		return rest, false
	}
	// Neither is allowed in a URL; encoded they cannot be taken for a mark.
	return strings.NewReplacer("<", "%3C", ">", "%3E").Replace(target), true
}

// schemeName follows RFC 3986, section 3.1.
func schemeName(s string) bool {
	for i, r := range s {
		if !asciiLetter(r) && (i == 0 || !asciiDigit(r) && !strings.ContainsRune("+-.", r)) {
			return false
		}
	}
	return s != ""
}

func oneLine(label string) string {
	return strings.Join(strings.Fields(clean(entities.Replace(label))), " ")
}

// slackUserID says whether id is a person's: U, or W in an enterprise grid.
func slackUserID(id string) bool {
	return len(id) > 1 && (id[0] == 'U' || id[0] == 'W') && slackID(id)
}

func slackID(id string) bool {
	return id != "" && !strings.ContainsFunc(id, func(r rune) bool { return !asciiDigit(r) && (r < 'A' || r > 'Z') })
}

// markID says whether id can stand in a mark.
func markID(id string) bool {
	return id != "" && !strings.ContainsFunc(id, func(r rune) bool {
		return !asciiLetter(r) && !asciiDigit(r) && r != '-' && r != '_'
	})
}

// Mark is how the person with this id stands in plain text. id has to be one that
// Marked reads, [A-Za-z0-9_-]+.
func Mark(id string) string { return "<@" + id + ">" }

func or(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}

func asciiLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func asciiDigit(r rune) bool { return r >= '0' && r <= '9' }
