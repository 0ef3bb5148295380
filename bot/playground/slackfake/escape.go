package slackfake

import (
	"regexp"
	"strings"
	"sync"
)

// live are the parts of a typed text that Slack makes references of. A typed < never starts one: it is escaped.
var live = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`https?://[^\s<>"]+|[@#][\pL\pN][\pL\pN._-]*`) })

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escapeTyped turns what a person types into what Slack sends: & < > escaped, names and addresses made references.
// Commands carry names along (<@U1|ana>), messages do not.
func (s *state) escapeTyped(text string, command bool) string {
	var b strings.Builder
	at := 0
	for _, span := range live().FindAllStringIndex(text, -1) {
		word := text[span[0]:span[1]]
		if span[0] > 0 && (word[0] == '@' || word[0] == '#') && !strings.ContainsRune(" \t\n([{,;:\"'", rune(text[span[0]-1])) {
			continue // inside a word, as in an e-mail address
		}
		reference, rest := s.reference(word, command)
		if reference == "" {
			continue
		}
		b.WriteString(escaper.Replace(text[at:span[0]]))
		b.WriteString(reference)
		at = span[1] - len(rest)
	}
	b.WriteString(escaper.Replace(text[at:]))
	return b.String()
}

// reference is what a typed name or address becomes; rest is punctuation behind it. "" when it means nobody.
func (s *state) reference(word string, command bool) (reference, rest string) {
	for name := word; len(name) > 1; name = name[:len(name)-1] {
		if ref := s.exact(name, command); ref != "" {
			return ref, word[len(name):]
		}
		if !strings.ContainsAny(name[len(name)-1:], ".-_,;:!?)") {
			break
		}
	}
	return "", ""
}

func (s *state) exact(word string, command bool) string {
	name := word[1:]
	switch {
	case strings.HasPrefix(word, "http"):
		if strings.ContainsAny(word[len(word)-1:], ".,;:!?)") {
			return ""
		}
		return "<" + escaper.Replace(word) + ">"
	case word[0] == '#':
		if ch := s.byName(name); ch != nil && ch.Kind == Public {
			return "<#" + ch.ID + "|" + nameIn(name, command) + ">"
		}
		return ""
	case name == "here" || name == "channel" || name == "everyone":
		return "<!" + name + ">"
	}
	for _, u := range s.people {
		if u.Name == name && !u.Deleted {
			if command {
				return "<@" + u.ID + "|" + u.Name + ">"
			}
			return "<@" + u.ID + ">"
		}
	}
	for _, g := range s.groups {
		if g.Handle == name {
			if command {
				return "<!subteam^" + g.ID + "|@" + g.Handle + ">"
			}
			return "<!subteam^" + g.ID + ">"
		}
	}
	return ""
}

// nameIn is the label of a channel's reference: messages leave it empty.
func nameIn(name string, command bool) string {
	if command {
		return name
	}
	return ""
}
