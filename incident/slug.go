package incident

import (
	"strconv"
	"strings"
	"unicode"
)

// channelLimit is the longest channel name in bytes, as Slack's conversations.create has it.
const channelLimit = 80

// folds are the plain spellings of the letters of Latin-1 Supplement and Latin
// Extended-A, and the few later ones that European languages need.
var folds = foldTable(map[string]string{
	"a": "àáâãäåāăąǎ", "c": "çćĉċč", "d": "ďđð", "e": "èéêëēĕėęě", "g": "ĝğġģ",
	"h": "ĥħ", "i": "ìíîïĩīĭįıǐ", "j": "ĵ", "k": "ķĸ", "l": "ĺļľŀł", "n": "ñńņňŉŋ",
	"o": "òóôõöøōŏőơǒ", "r": "ŕŗř", "s": "śŝşšſș", "t": "ţťŧț", "u": "ùúûüũūŭůűųưǔ",
	"w": "ŵ", "y": "ýÿŷ", "z": "źżž", "ae": "æ", "oe": "œ", "ss": "ßẞ", "th": "þ", "ij": "\u0133",
})

// vietnamese are the ranges of Latin Extended Additional in which every letter
// has the same base.
var vietnamese = []struct {
	from, to rune
	base     string
}{
	{0x1EA0, 0x1EB7, "a"},
	{0x1EB8, 0x1EC7, "e"},
	{0x1EC8, 0x1ECB, "i"},
	{0x1ECC, 0x1EE3, "o"},
	{0x1EE4, 0x1EF1, "u"},
	{0x1EF2, 0x1EF9, "y"},
}

func foldTable(spellings map[string]string) map[rune]string {
	table := make(map[rune]string)
	for plain, letters := range spellings {
		for _, r := range letters {
			table[r] = plain
		}
	}
	return table
}

// Slug turns a title into words for names of channels and files: [a-z0-9] and
// single dashes between words, no longer than the title allows. Accents are
// folded; letters of other scripts, and people, are left out, so that a slug may
// be empty. "It's é" and "its-e" are the same slug: a slug is no identity.
func Slug(title string) string {
	var b strings.Builder
	gap := false
	for _, r := range withoutMarks(title) {
		plain, joins := foldRune(unicode.ToLower(r))
		if plain == "" {
			gap = gap || !joins
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteString(plain)
	}
	return b.String()
}

// foldRune spells a lower-case rune in [a-z0-9]. What cannot be spelt so is "";
// joins says that it stands inside a word rather than between two.
func foldRune(r rune) (plain string, joins bool) {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return string(r), true
	}
	if plain, ok := folds[r]; ok {
		return plain, true
	}
	for _, v := range vietnamese {
		if r >= v.from && r <= v.to {
			return v.base, true
		}
	}
	apostrophe := r == '\'' || r == '’' || r == 'ʼ'
	return "", apostrophe || unicode.IsLetter(r) || unicode.IsMark(r)
}

// withoutMarks takes the people out of a title: their ids belong in no name.
func withoutMarks(title string) string {
	var b strings.Builder
	for {
		before, mark, found := strings.Cut(title, "<@")
		b.WriteString(before)
		_, after, closed := strings.Cut(mark, ">")
		b.WriteByte(' ')
		if !found || !closed {
			b.WriteString(mark)
			return b.String()
		}
		title = after
	}
}

// ChannelName is the name of an incident's channel, such as
// "inc-7-checkout-is-down": at most 80 bytes, cut at a word where there is one.
// A private incident's name says nothing but its number.
func ChannelName(number int, title string, private bool) string {
	name := "inc-" + strconv.Itoa(number)
	if private {
		return name
	}
	slug := Slug(title)
	if slug == "" {
		return name
	}
	full := name + "-" + slug
	if len(full) <= channelLimit {
		return full
	}
	cut := full[:channelLimit]
	if full[channelLimit] != '-' {
		// Only a first word that is too long by itself is cut in the middle.
		if at := strings.LastIndexByte(cut, '-'); at > len(name) {
			cut = cut[:at]
		}
	}
	return strings.TrimRight(cut, "-")
}
