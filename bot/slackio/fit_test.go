package slackio

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"github.com/rollcall-bot/rollcall/bot/say"
)

func TestCutNeverBreaksWhatBelongsTogether(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"short", "short"},
		{"one two three four", "one two…"},
		{"onetwothreefourfive", "onetwothr…"},
		{"abcdefg <@U12345678>", "abcdefg…"},
		{"abcdefgh&amp;ijkl", "abcdefgh…"},
		{"日本語日本語日本語日本語", "日本語日本語日本語…"},
		{"🔥🔥🔥🔥🔥🔥", "🔥🔥🔥🔥…"},
		{"a\xffb", "a\uFFFDb"},
	} {
		if got := cut(c.text, 10, ellipsis); got != c.want {
			t.Errorf("cut(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

// tokens are the only forms in which an angle bracket may leave.
var tokens = regexp.MustCompile(`^(<@U[0-9A-Z]+>|<https?://[^<>|\s]+\|[^<>]*>|<!date\^[^<>]*>|<#C[0-9A-Z]+>)$`)

// alive finds what would come alive in mrkdwn although we did not write it.
func alive(text string, allowed *regexp.Regexp) string {
	for rest := text; ; {
		at := strings.IndexAny(rest, "<>")
		if at < 0 {
			break
		}
		end := strings.IndexByte(rest[at:], '>')
		if rest[at] == '>' || end < 0 || !allowed.MatchString(rest[at:at+end+1]) {
			return rest[at:]
		}
		rest = rest[at+end+1:]
	}
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "&")
		if !found {
			return ""
		}
		if !strings.HasPrefix(after, "amp;") && !strings.HasPrefix(after, "lt;") && !strings.HasPrefix(after, "gt;") {
			return "&" + after
		}
		rest = after
	}
}

// mrkdwnOf lists all mrkdwn of a message as it goes over the wire.
func mrkdwnOf(m Message) []string {
	texts := []string{m.Text}
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case *slack.SectionBlock:
			texts = append(texts, b.Text.Text)
		case *slack.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				texts = append(texts, e.(*slack.TextBlockObject).Text)
			}
		}
	}
	return texts
}

func drawText(t *rapid.T, label string) string {
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"<!channel>", "<@U0000000X>", "&", "<", ">", "🔥", "*_~`", "https://evil.example/?a=b|c", "\x00", "\xff\xfe", " ", "\n",
	}))
	text := strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, label), "")
	return strings.Repeat(text, rapid.SampledFrom([]int{1, 1, 1, 1, 1, 1, 3, 300}).Draw(t, label+" times"))
}

func TestEveryMessageFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Message{Text: say.Escape(drawText(t, "text"))}
		for n := range rapid.IntRange(0, 70).Draw(t, "blocks") {
			text := say.Escape(drawText(t, "block"))
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				m.Blocks = append(m.Blocks, section(text))
			case 1:
				m.Blocks = append(m.Blocks, small(text, "x", text))
			default:
				var row []*slack.ButtonBlockElement
				for k := range rapid.IntRange(0, 30).Draw(t, "buttons") {
					name := strconv.Itoa(n%2) + "." + strconv.Itoa(k)
					row = append(row, run(name, drawText(t, "label"), "i", text), visit("v"+name, "Go", "https://x.example/"+text))
				}
				m.Blocks = append(m.Blocks, actions(row...))
			}
		}
		fitted := Fit(m)
		if err := Check(fitted); err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(fitted.Blocks); err != nil {
			t.Fatal(err)
		}
		for _, text := range mrkdwnOf(fitted) {
			if live := alive(text, tokens); live != "" {
				t.Fatalf("%q came alive", live)
			}
		}
	})
}

func TestFitKeepsTheButtonsOfALongMessage(t *testing.T) {
	m := Message{Text: "x"}
	for range 80 {
		m.Blocks = append(m.Blocks, section("line"))
	}
	m.Blocks = append(m.Blocks, actions(run("a", "Do it", "i", "note x")))
	fitted := Fit(m)
	if len(fitted.Blocks) != maxBlocks {
		t.Fatalf("%d blocks", len(fitted.Blocks))
	}
	if _, ok := fitted.Blocks[maxBlocks-1].(*slack.ActionBlock); !ok {
		t.Fatal("the buttons are gone")
	}
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	for name, m := range map[string]Message{
		"no text":          {},
		"long text":        {Text: strings.Repeat("x", maxText+1)},
		"header":           {Text: "x", Blocks: []slack.Block{slack.NewDividerBlock()}},
		"long section":     {Text: "x", Blocks: []slack.Block{section(strings.Repeat("x", maxSection+1))}},
		"not verbatim":     {Text: "x", Blocks: []slack.Block{slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "x", false, false), nil, nil)}},
		"no small print":   {Text: "x", Blocks: []slack.Block{small()}},
		"the same id":      {Text: "x", Blocks: []slack.Block{actions(run("a", "A", "i", ""), run("a", "B", "i", ""))}},
		"long label":       {Text: "x", Blocks: []slack.Block{actions(run("a", strings.Repeat("x", 76), "i", ""))}},
		"long value":       {Text: "x", Blocks: []slack.Block{actions(run("a", "A", "i", strings.Repeat("x", 2000)))}},
		"too much in all":  {Text: "x", Blocks: []slack.Block{section(strings.Repeat("x", 3000)), section(strings.Repeat("x", 3000)), section(strings.Repeat("x", 3000)), section(strings.Repeat("x", 3000)), section("x")}},
		"broken encoding":  {Text: "\xff"},
		"empty paragraphs": {Text: "x", Blocks: []slack.Block{section("")}},
	} {
		if Check(m) == nil {
			t.Errorf("%s passes", name)
		}
	}
}
