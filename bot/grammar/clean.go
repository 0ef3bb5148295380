package grammar

import (
	"strings"
	"unicode"
)

// entities are the three that Slack escapes. A Replacer reads its input once, so
// that &amp;lt; becomes &lt; and stays that.
var entities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// dropped stands for a rune that leaves nothing behind.
const dropped rune = -1

// clean folds what keyboards, phones and copying put in the place of plain
// characters, removes what cannot be seen, and makes invalid UTF-8 valid.
func clean(s string) string {
	return strings.Map(cleanRune, lineBreaks.Replace(strings.ToValidUTF8(s, "\uFFFD")))
}

// cleanRune folds one rune. Format characters (zero-width, bidi, soft hyphen,
// tags) are removed as a class: they hide words from the eye or turn their order
// round. The price is that joined emoji come apart and that Persian loses its
// half-spaces. The format characters that are seen, such as Arabic number signs,
// are kept.
func cleanRune(r rune) rune {
	switch r {
	case '\n':
		return r
	case '“', '”', '„', '‟', '«', '»', '″', '＂':
		return '"'
	case '‘', '’', '‚', '‛', '′', '＇':
		return '\''
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹘', '﹣', '－':
		return '-'
	case '\u3164', '\uFFA0', '\u2800': // fillers: letters and symbols that are drawn as nothing
		return ' '
	}
	switch {
	case unicode.IsSpace(r), unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Cc, r):
		return dropped
	case unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return dropped
	}
	return r
}
