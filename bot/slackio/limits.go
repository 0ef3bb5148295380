package slackio

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// Slack's limits on a message, from its published types and the error tables of
// chat.postMessage and chat.update. Lengths are counted in UTF-16 units, which
// is never less than Slack's "characters".
const (
	maxText    = 4000  // chat.update refuses more (msg_too_long); chat.postMessage would split it
	maxBlocks  = 50    // per message
	maxSection = 3000  // a section's text
	maxSmall   = 2000  // a text among small print
	maxSmalls  = 10    // elements of a context block
	maxButtons = 25    // elements of an actions block
	maxLabel   = 75    // a button's text
	maxValue   = 2000  // a button's value
	maxAddress = 3000  // a button's url
	maxAction  = 255   // action_id
	maxTotal   = 12000 // all texts together; above about 13,000 Slack answers msg_blocks_too_long
	maxTopic   = 250   // a channel's topic or purpose
)

// Check says which of Slack's limits a message breaks, if any. Every message is
// checked before it leaves.
func Check(m Message) error {
	if m.Text == "" || length(m.Text) > maxText || !utf8.ValidString(m.Text) {
		return fmt.Errorf("text has %d characters; 1 to %d are allowed", length(m.Text), maxText)
	}
	if len(m.Blocks) > maxBlocks {
		return fmt.Errorf("%d blocks; %d are allowed", len(m.Blocks), maxBlocks)
	}
	if total := totalLength(m.Blocks); total > maxTotal {
		return fmt.Errorf("%d characters in blocks; %d are allowed", total, maxTotal)
	}
	ids := map[string]bool{}
	for n, b := range m.Blocks {
		if err := checkBlock(b, ids); err != nil {
			return fmt.Errorf("block %d: %w", n+1, err)
		}
	}
	return nil
}

func checkBlock(b slack.Block, ids map[string]bool) error {
	switch b := b.(type) {
	case *slack.SectionBlock:
		if b.Text == nil || len(b.Fields) > 0 || b.Accessory != nil {
			return errors.New("a section without text, or with more than text")
		}
		return checkText(b.Text, slack.MarkdownType, maxSection)
	case *slack.ContextBlock:
		return checkSmall(b)
	case *slack.ActionBlock:
		return checkActions(b, ids)
	case *slack.CallBlock:
		if b.CallID == "" {
			return errors.New("a call without an id")
		}
		return nil
	default:
		return fmt.Errorf("a %T is not a block that is sent", b)
	}
}

func checkSmall(b *slack.ContextBlock) error {
	if n := len(b.ContextElements.Elements); n == 0 || n > maxSmalls {
		return fmt.Errorf("%d elements of small print; 1 to %d are allowed", n, maxSmalls)
	}
	for _, e := range b.ContextElements.Elements {
		t, ok := e.(*slack.TextBlockObject)
		if !ok {
			return fmt.Errorf("a %T is not small print", e)
		}
		if err := checkText(t, slack.MarkdownType, maxSmall); err != nil {
			return err
		}
	}
	return nil
}

func checkActions(b *slack.ActionBlock, ids map[string]bool) error {
	if n := len(b.Elements.ElementSet); n == 0 || n > maxButtons {
		return fmt.Errorf("%d buttons; 1 to %d are allowed", n, maxButtons)
	}
	for _, e := range b.Elements.ElementSet {
		button, ok := e.(*slack.ButtonBlockElement)
		if !ok {
			return fmt.Errorf("a %T is not a button", e)
		}
		if ids[button.ActionID] || button.ActionID == "" || len(button.ActionID) > maxAction {
			return fmt.Errorf("action id %q is empty, too long or there twice", button.ActionID)
		}
		ids[button.ActionID] = true
		if length(button.Value) > maxValue || length(button.URL) > maxAddress {
			return fmt.Errorf("the value or address of button %q is too long", button.ActionID)
		}
		if err := checkText(button.Text, slack.PlainTextType, maxLabel); err != nil {
			return err
		}
	}
	return nil
}

func checkText(t *slack.TextBlockObject, kind string, limit int) error {
	switch {
	case t == nil || t.Type != kind:
		return fmt.Errorf("a text that is not %s", kind)
	case t.Text == "" || length(t.Text) > limit || !utf8.ValidString(t.Text):
		return fmt.Errorf("a text of %d characters; 1 to %d are allowed", length(t.Text), limit)
	case kind == slack.MarkdownType && !t.Verbatim:
		return errors.New("a text in which names and addresses would come alive")
	}
	return nil
}

// totalLength counts what people read in blocks.
func totalLength(blocks []slack.Block) int {
	total := 0
	for _, b := range blocks {
		switch b := b.(type) {
		case *slack.SectionBlock:
			if b.Text != nil {
				total += length(b.Text.Text)
			}
		case *slack.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				if t, ok := e.(*slack.TextBlockObject); ok {
					total += length(t.Text)
				}
			}
		}
	}
	return total
}

// length counts UTF-16 units.
func length(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
