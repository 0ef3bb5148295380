package grammar

import "strings"

// Literal says whether literal text begins here, in which no option is looked for,
// and what it is.
//
// It begins after a word that is only dashes. "--" is what one types; phones and
// Macs make "—" of it, which normalising folds to "-", so one dash will do: a title
// that begins with a lone dash means nothing, and "sev2 - checkout is down" means
// its second half.
//
// It also begins with a quote, double or single. A pair around the whole text is
// taken off, any other quote is part of the text.
func (l Line) Literal() (Line, bool) {
	if l.Empty() {
		return l, false
	}
	if w, rest := l.Next(); w.Kind == Plain && len(w.Text) <= 3 && strings.Trim(w.Text, "-") == "" {
		return rest, true
	}
	text := l.Text()
	quote := text[:1]
	if quote != `"` && quote != `'` {
		return l, false
	}
	if strings.Count(text, quote) == 2 && strings.HasSuffix(text, quote) {
		return l.after(l.from + 1).before(l.to - 1), true
	}
	return l, true
}

// SplitLast splits the line at the last place where the words of separator stand,
// such as "; done when", in any case of letters and with any white space between
// and around them. It has to stand by itself: "; done whenever" is no place.
func (l Line) SplitLast(separator string) (before, after Line, found bool) {
	words := strings.Fields(separator)
	if len(words) == 0 {
		return l, Line{}, false
	}
	for at := l.to - 1; at >= l.from; at-- {
		end, ok := l.wordsAt(at, words)
		if !ok || l.inSpan(at) {
			continue
		}
		return l.before(at), l.after(end), true
	}
	return l, Line{}, false
}

// wordsAt matches words from an offset on and answers with where they end.
func (l Line) wordsAt(at int, words []string) (end int, ok bool) {
	text := l.text[:l.to]
	if letterEdge(text, at) {
		return 0, false
	}
	for i, word := range words {
		space := at
		for i > 0 && at < len(text) && isSpace(text[at]) {
			at++
		}
		if at+len(word) > len(text) || !strings.EqualFold(text[at:at+len(word)], word) {
			return 0, false
		}
		if i > 0 && space == at && letterEdge(text, at) {
			return 0, false
		}
		at += len(word)
	}
	if letterEdge(text, at) {
		return 0, false
	}
	if at < len(text) && isSeparator(text[at]) {
		at++
	}
	return at, true
}

// letterEdge says that an offset lies in the middle of a word of letters or digits.
func letterEdge(text string, at int) bool {
	return at > 0 && at < len(text) && wordByte(text[at-1]) && wordByte(text[at])
}

// wordByte counts every byte of a letter beyond ASCII as part of a word.
func wordByte(c byte) bool { return c >= 0x80 || asciiLetter(rune(c)) || asciiDigit(rune(c)) }

// inSpan says that an offset lies within a mention or a link.
func (l Line) inSpan(at int) bool {
	for _, s := range l.inside() {
		if s.from <= at && at < s.to {
			return true
		}
	}
	return false
}
