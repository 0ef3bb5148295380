package incident

import (
	"strings"
	"unicode/utf8"
)

// TextLimit is the longest text that somebody may give, in characters; answers to
// the questions of the RFO may be longer (AnswerLimit). Slack shows no
// more than 3,000 in one part of a message, and every other text is shown there.
const TextLimit = 3000

// fits refuses a text that no message could show whole. The edge repeats what
// was typed, so that nothing is lost.
func fits(text string) error {
	if n := utf8.RuneCountInString(text); n > TextLimit {
		return refuse(Invalid, "refuse.long", "limit", TextLimit, "length", n)
	}
	return nil
}

// needs refuses a text that is blank, with the text empty as the reason, or too long.
func needs(text, empty string, pairs ...any) error {
	if strings.TrimSpace(text) == "" {
		return refuse(Invalid, empty, pairs...)
	}
	return fits(text)
}

// colon appends ": " and a text that somebody gave to a line, when there is one.
func colon(line, text string, names Names) string {
	if text == "" {
		return line
	}
	return line + ": " + PlainText(text, names)
}

// list joins ids or names for a sentence.
func list(words []string) string { return strings.Join(words, ", ") }
