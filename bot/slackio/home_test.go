package slackio

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot"
)

// TestAFullHomeIsWithinSlacksLimits lays out as much as a Home can hold.
func TestAFullHomeIsWithinSlacksLimits(t *testing.T) {
	var h bot.Home
	for range 3 {
		p := bot.HomePart{Title: strings.Repeat("é", 300), More: "… and more"}
		for n := range 20 {
			p.Lines = append(p.Lines, bot.HomeLine{
				Text: strings.Repeat("long &amp; ", 400), Button: strings.Repeat("b", 100), Incident: "0190-7", Line: fmt.Sprint("task done T", n),
			})
		}
		h.Parts = append(h.Parts, p)
	}
	v := homeView(h)
	if n := len(v.Blocks.BlockSet); n > 100 {
		t.Errorf("%d blocks; Slack takes 100", n)
	}
	ids := map[string]bool{}
	for _, b := range v.Blocks.BlockSet {
		switch b := b.(type) {
		case *slack.HeaderBlock:
			if length(b.Text.Text) > maxHeader {
				t.Errorf("a heading of %d characters", length(b.Text.Text))
			}
		case *slack.SectionBlock:
			button := b.Accessory.ButtonElement
			if length(b.Text.Text) > maxSection || !b.Text.Verbatim || length(button.Text.Text) > maxLabel || ids[button.ActionID] {
				t.Errorf("a line of %d characters with the button %+v", length(b.Text.Text), button)
			}
			ids[button.ActionID] = true
		}
	}
	if body, err := json.Marshal(v); err != nil || len(body) > maxView {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}
