package slackio

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

const (
	ellipsis = "…"
	// pointer follows what was cut, so that nobody takes it for the whole.
	pointer = "… _(cut; `/incident timeline` has all of it)_"
	// nothing stands for an empty message, which Slack refuses.
	nothing = "(nothing to show)"
)

// Fit returns a message that keeps Slack's limits and says the same as far as
// there is room: texts are cut at a word, with a pointer to where the rest is,
// and never inside a mention, a link or an escaped character.
func Fit(m Message) Message {
	fitted := Message{Op: m.Op}
	used := map[string]bool{}
	for _, b := range m.Blocks {
		if b = fitBlock(b, used); b != nil {
			fitted.Blocks = append(fitted.Blocks, b)
		}
	}
	fitted.Blocks = fitTotal(fitCount(fitted.Blocks))
	fitted.Text = cut(m.Text, maxText, pointer)
	if strings.TrimSpace(fitted.Text) == "" {
		fitted.Text = nothing
	}
	return fitted
}

// fitBlock shortens a block; nil when nothing of it is left, or when it is of a
// kind that we do not send.
func fitBlock(b slack.Block, used map[string]bool) slack.Block {
	switch b := b.(type) {
	case *slack.SectionBlock:
		if b.Text == nil || blank(b.Text.Text) {
			return nil
		}
		return section(cut(b.Text.Text, maxSection, pointer))
	case *slack.ContextBlock:
		var texts []string
		for _, e := range b.ContextElements.Elements {
			if t, ok := e.(*slack.TextBlockObject); ok && !blank(t.Text) && len(texts) < maxSmalls {
				texts = append(texts, cut(t.Text, maxSmall, pointer))
			}
		}
		if len(texts) == 0 {
			return nil
		}
		return small(texts...)
	case *slack.ActionBlock:
		return fitActions(b, used)
	case *slack.CallBlock:
		return b // an id of Slack's, without anything to shorten
	default:
		return nil
	}
}

// fitActions drops buttons that would not do what they say: a value or an
// address cannot be shortened.
func fitActions(b *slack.ActionBlock, used map[string]bool) slack.Block {
	var row []*slack.ButtonBlockElement
	for _, e := range b.Elements.ElementSet {
		button, ok := e.(*slack.ButtonBlockElement)
		if !ok || button.Text == nil || blank(button.Text.Text) || len(row) == maxButtons ||
			length(button.Value) > maxValue || length(button.URL) > maxAddress ||
			button.ActionID == "" || len(button.ActionID) > maxAction || used[button.ActionID] {
			continue
		}
		used[button.ActionID] = true
		fitted := *button
		fitted.Text = plain(cutPlain(button.Text.Text, maxLabel))
		row = append(row, &fitted)
	}
	if len(row) == 0 {
		return nil
	}
	return actions(row...)
}

// fitCount drops blocks from the middle of what is too long: the head says what
// it is about, the last block holds the buttons.
func fitCount(blocks []slack.Block) []slack.Block {
	if len(blocks) <= maxBlocks {
		return blocks
	}
	kept := append([]slack.Block(nil), blocks[:maxBlocks-2]...)
	return append(kept, small(pointer), blocks[len(blocks)-1])
}

// fitTotal drops paragraphs from the end until all texts together are short
// enough.
func fitTotal(blocks []slack.Block) []slack.Block {
	room := maxTotal - length(pointer)
	var kept []slack.Block
	cutAny := false
	for _, b := range blocks {
		size := totalLength([]slack.Block{b})
		if size > room {
			if !cutAny {
				kept = append(kept, small(pointer))
			}
			cutAny = true
			continue
		}
		room -= size
		kept = append(kept, b)
	}
	return kept
}

// cut shortens mrkdwn to limit characters, tail included. Broken UTF-8 is
// repaired, since Slack refuses it.
func cut(text string, limit int, tail string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if length(text) <= limit {
		return text
	}
	room := limit - length(tail)
	end, word, size := 0, 0, 0
	for end < len(text) {
		n := token(text[end:])
		step := length(text[end : end+n])
		if size+step > room {
			break
		}
		size += step
		end += n
		if r, _ := utf8.DecodeRuneInString(text[end:]); unicode.IsSpace(r) {
			word = end
		}
	}
	// A word that is longer than half of the text is cut in the middle instead.
	if word > end/2 {
		end = word
	}
	return strings.TrimRightFunc(text[:end], unicode.IsSpace) + tail
}

// token is how many bytes at the start of mrkdwn belong together: a mention or
// link in angle brackets, an escaped character, or one rune.
func token(text string) int {
	switch text[0] {
	case '<':
		if end := strings.IndexByte(text, '>'); end > 0 {
			return end + 1
		}
	case '&':
		for _, e := range []string{"&amp;", "&lt;", "&gt;"} {
			if strings.HasPrefix(text, e) {
				return len(e)
			}
		}
	}
	_, n := utf8.DecodeRuneInString(text)
	return n
}

// cutPlain shortens plain text.
func cutPlain(text string, limit int) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	if length(text) <= limit {
		return text
	}
	room := limit - length(ellipsis)
	size := 0
	for n, r := range text {
		if size += length(string(r)); size > room {
			return strings.TrimSpace(text[:n]) + ellipsis
		}
	}
	return text
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
