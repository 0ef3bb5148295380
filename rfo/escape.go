package rfo

import (
	"fmt"
	"strings"
)

// markdown is text that is Markdown already; everything else is escaped when it
// is laid out.
type markdown string

// joiner is an invisible mark that lets no mention, reference, mail link or emoji
// begin. Hosts look for those in the finished text, where no backslash helps.
const joiner = "\u2060"

var (
	// address finds what hosts turn into links by themselves.
	address = lazily(`(?i)(?:\b[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:mailto|xmpp|javascript|data|vbscript|tel):)[^\s<>]+`)
	// entity finds what HTML would decode.
	entity = lazily(`&(#?[0-9A-Za-z]+;)`)
	// caller finds @name, #12, !12 and GH-12, which git hosts turn into mentions
	// and references; a mail address is a caller too.
	caller = lazily(`([@#!])([0-9A-Za-z_])`)
	ghRef  = lazily(`(?i)\b(GH)-(\d)`)
	// shortcode finds :emoji:.
	shortcode = lazily(`:([0-9A-Za-z_+-]*[A-Za-z_+-][0-9A-Za-z_+-]*:)`)
	// starters are what begins a block when it begins a line.
	starters = lazily(`^(#{1,6}(?:\s|$)|[-+=>](?:\s|$)|[-=+]{2,}|>|:?-+:?\s*$)`)
	ordinal  = lazily(`^(\d{1,9})([.)])(\s|$)`)
	// indent is what would make a code block.
	spaces = lazily(`[ ]{2,}`)
)

// escapeLine makes plain text stand as text in one line of CommonMark with
// GitHub's extensions, in a paragraph, a list or a cell of a table. An address
// becomes code: it can be read and copied, and comes alive nowhere.
func escapeLine(text string) markdown {
	text = oneLine(clean(text))
	var b strings.Builder
	last := 0
	for _, at := range address().FindAllStringIndex(text, -1) {
		end := at[0] + len(strings.TrimRight(text[at[0]:at[1]], ".,;:!?)”’\"'*_~`|"))
		b.WriteString(escapeWords(text[last:at[0]]))
		b.WriteString(codeAddress(text[at[0]:end]))
		last = end
	}
	b.WriteString(escapeWords(text[last:]))
	line := b.String()
	if s := starters().FindString(line); s != "" {
		line = `\` + line
	}
	line = ordinal().ReplaceAllString(line, `$1\$2$3`)
	return markdown(line)
}

// The replacers are made once: making one costs more than using it.
var (
	inAddress = strings.NewReplacer("`", "%60", "|", "%7C", `\`, "%5C")
	inWords   = strings.NewReplacer(
		`\`, `\\`, "`", "\\`", "*", `\*`, "[", `\[`, "]", `\]`, "<", "&lt;", "|", `\|`, "~", `\~`, "$", `\$`, "{", `\{`, "}", `\}`,
	)
	inCode = strings.NewReplacer("`", "'", "|", `\|`)
)

// codeAddress shows an address as code. What would end the code or the cell is
// written the way addresses write it.
func codeAddress(a string) string {
	return "`" + inAddress.Replace(a) + "`"
}

// escapeWords escapes what means something inside a line.
func escapeWords(text string) string {
	if strings.Contains(text, "&") {
		text = entity().ReplaceAllString(text, "&amp;$1")
	}
	text = inWords.Replace(text)
	text = underscores(text)
	if strings.ContainsAny(text, "@#!") {
		text = caller().ReplaceAllString(text, "${1}"+joiner+"${2}")
	}
	text = ghRef().ReplaceAllString(text, "${1}"+joiner+"-${2}")
	if strings.Contains(text, ":") {
		text = shortcode().ReplaceAllString(text, ":"+joiner+"${1}")
	}
	if strings.Contains(text, "  ") {
		text = spaces().ReplaceAllString(text, " ")
	}
	return text
}

// underscores escapes those that are not inside a word: snake_case stays readable.
func underscores(text string) string {
	if !strings.Contains(text, "_") {
		return text
	}
	runes := []rune(text)
	var b strings.Builder
	for n, r := range runes {
		inside := n > 0 && wordRune(runes[n-1]) && n+1 < len(runes) && wordRune(runes[n+1])
		if r == '_' && !inside {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func wordRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// block is one paragraph or one list of a text that people wrote in lines.
type block struct {
	List  bool
	Items []string // one for a paragraph
}

var bullet = lazily(`^\s*(?:[-*•+]|\d{1,2}[.)])\s+`)

// blocks splits a typed text: each line is a paragraph, lines that begin with a
// dash, a dot or a number are a list. That is all the markup there is, so that
// a list of three things reads as one.
func blocks(text string) []block {
	var list []block
	for line := range strings.SplitSeq(clean(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if mark := bullet().FindString(line); mark != "" && len(line) > len(mark) {
			if n := len(list); n > 0 && list[n-1].List {
				list[n-1].Items = append(list[n-1].Items, line[len(mark):])
				continue
			}
			list = append(list, block{List: true, Items: []string{line[len(mark):]}})
			continue
		}
		list = append(list, block{Items: []string{line}})
	}
	return list
}

// paragraphs is a typed text as Markdown, with blank lines between its blocks.
func paragraphs(text string) markdown {
	var parts []string
	for _, b := range blocks(text) {
		var lines []string
		for _, item := range b.Items {
			line := string(escapeLine(item))
			if b.List {
				line = "- " + line
			}
			lines = append(lines, line)
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	return markdown(strings.Join(parts, "\n\n"))
}

// link is a link that we made. What is not an address of the web is only text.
func link(text, url string) markdown {
	if !web(url) {
		return escapeLine(text)
	}
	return "[" + escapeLine(text) + "](" + markdown(url) + ")"
}

// code is a piece of our own words, such as a command to type, as code.
func code(text string) markdown {
	return markdown("`" + inCode.Replace(oneLine(text)) + "`")
}

// quoted is a string of YAML's front matter, in double quotes. Everything that
// YAML could read otherwise is escaped the way JSON and YAML share; and so is what
// Markdown could, because not every renderer knows front matter.
func quoted(text string) markdown {
	text = oneLine(clean(text))
	unicode := func(r byte) string { return fmt.Sprintf(`\u%04x`, r) }
	alive := address().FindAllStringIndex(text, -1)
	var b strings.Builder
	b.WriteByte('"')
	for n := 0; n < len(text); n++ {
		inLink := len(alive) > 0 && n >= alive[0][0] && n < alive[0][1]
		switch c := text[n]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case strings.IndexByte("<>&@#![]*`|~${}", c) >= 0, inLink && (c == ':' || c == '.'):
			b.WriteString(unicode(c))
		default:
			b.WriteByte(c)
		}
		if len(alive) > 0 && n+1 >= alive[0][1] {
			alive = alive[1:]
		}
	}
	b.WriteByte('"')
	return markdown(b.String())
}
