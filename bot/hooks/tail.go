package hooks

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

const (
	// kept is how much of what a program printed is remembered, in bytes: its end,
	// which says what went wrong.
	kept = 8 << 10
	// shown is how much of that is shown. A message holds 3,000 characters, in which
	// &, < and > count for up to five.
	shown = 2500
)

// tail remembers the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
	left bool // something in front was left out
}

// Write takes everything and keeps the end.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - kept; over > 0 {
		t.text, t.left = append(t.text[:0], t.text[over:]...), true
	}
	return len(p), nil
}

// escapes are the sequences with which programs colour what they print.
var escapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\))`)
})

// String is what can be shown of it: lines of text, as many of the last as fit. It
// stands between fences, which it must not close.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := escapes().ReplaceAllString(strings.ToValidUTF8(string(t.text), "?"), "")
	text = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
	text = strings.TrimRight(strings.ReplaceAll(text, "```", "'''"), "\n\t ")
	cost, runes := 0, []rune(text)
	n := len(runes)
	for n > 0 {
		if cost += price(runes[n-1]); cost > shown {
			break
		}
		n--
	}
	if n > 0 || t.left {
		return "…\n" + string(runes[n:])
	}
	return text
}

// price is how many characters a sign takes in a message.
func price(r rune) int {
	switch r {
	case '&':
		return len("&amp;")
	case '<', '>':
		return len("&lt;")
	}
	return 1
}
