package slackio

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot"
)

// TestAFormIsWithinSlacksLimits lays out a form whose every text is too long.
func TestAFormIsWithinSlacksLimits(t *testing.T) {
	long := strings.Repeat("é <!channel> *x* ", 500)
	f := bot.Form{Name: "task", Meta: `{"i":"x"}`, Title: long, Submit: long, Intro: long}
	for _, kind := range []bot.FieldKind{bot.LineField, bot.TextField, bot.PickField, bot.PersonField, bot.DateField} {
		field := bot.Field{ID: string(kind), Label: long, Hint: long, Fact: long, Kind: kind}
		switch kind {
		case bot.PickField:
			field.Options, field.Value = []bot.Option{{Value: "1", Label: long}, {Value: "2", Label: "two"}}, "2"
		case bot.LineField, bot.TextField:
			field.Value = long
		case bot.PersonField, bot.DateField, bot.ShownField:
		}
		f.Fields = append(f.Fields, field)
	}
	body, err := json.Marshal(formView(f, long))
	if err != nil || len(body) > maxView {
		t.Fatalf("%d bytes, %v", len(body), err)
	}
	var v slack.ModalViewRequest
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	if length(v.Title.Text) > maxViewTitle || length(v.Submit.Text) > maxViewTitle {
		t.Errorf("title %q, submit %q", v.Title.Text, v.Submit.Text)
	}
	inputs := 0
	for _, b := range v.Blocks.BlockSet {
		in, ok := b.(*slack.InputBlock)
		if !ok {
			continue
		}
		inputs++
		if length(in.Label.Text) > maxHint || length(in.Hint.Text) > maxHint || in.Label.Type != slack.PlainTextType {
			t.Errorf("%s: label of %d, hint of %d", in.BlockID, length(in.Label.Text), length(in.Hint.Text))
		}
		if e, ok := in.Element.(*slack.PlainTextInputBlockElement); ok && (length(e.InitialValue) > maxInput || e.ActionID != in.BlockID) {
			t.Errorf("%s holds %d characters", in.BlockID, length(e.InitialValue))
		}
		if e, ok := in.Element.(*slack.SelectBlockElement); ok && e.Type == slack.OptTypeStatic && e.InitialOption.Value != "2" {
			t.Errorf("%+v is chosen", e.InitialOption)
		}
	}
	if inputs != len(f.Fields) || strings.Contains(string(body), `"mrkdwn"`) {
		t.Errorf("%d inputs in %s", inputs, body)
	}
}

// TestWhatNoFieldHoldsIsShown lays out a field in which nothing is typed, and the
// way to the page.
func TestWhatNoFieldHoldsIsShown(t *testing.T) {
	page := bot.Link{URL: "https://rollcall.example.org/incidents/INC-1/rfo#answers", Label: "Edit <it>"}
	long := strings.Repeat("é <!channel> ", 500)
	v := formView(bot.Form{Name: "rfo answer", Page: page, Fields: []bot.Field{{ID: "cause", Kind: bot.ShownField, Label: "Why?", Hint: long, Page: page}}}, "rfo answer cause TEXT")
	links := 0
	for _, b := range v.Blocks.BlockSet {
		switch b := b.(type) {
		case *slack.SectionBlock:
			if b.Text.Type != slack.PlainTextType || length(b.Text.Text) > maxSection || !strings.HasPrefix(b.Text.Text, "Why?\n") {
				t.Errorf("it shows %d characters of %s", length(b.Text.Text), b.Text.Type)
			}
		case *slack.ContextBlock:
			text, ok := b.ContextElements.Elements[0].(*slack.TextBlockObject)
			if ok && text.Type == slack.MarkdownType {
				links++
				if text.Text != "<"+page.URL+"|Edit &lt;it&gt;>" {
					t.Errorf("it leads with %q", text.Text)
				}
			}
		default:
			t.Errorf("there is a %T", b)
		}
	}
	if links != 2 {
		t.Errorf("%d links", links)
	}
}
