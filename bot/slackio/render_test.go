package slackio

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// renderedInFull is Render without its short way.
func renderedInFull(t interface{ Fatal(...any) }, r outbound.Reply) []byte {
	m := Fit(answered(r))
	if err := Check(m); err != nil {
		t.Fatal(err)
	}
	content, err := body(m, false)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestAnAnswerOfTextOnlyIsLaidOutLikeAllOthers(t *testing.T) {
	same := func(t interface {
		Fatal(...any)
		Errorf(string, ...any)
	}, text string,
	) {
		r := outbound.Reply{Text: text}
		got, err := Render([]byte("before"), r)
		if want := "before" + string(renderedInFull(t, r)); err != nil || string(got) != want {
			t.Errorf("%q is laid out as %s, %v; in full %s", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", " \n", "Noted.", " padded ", "a\"b\\c/d\b\f\n\r\t\x00\x1f\x7f", "<@U1> &amp; <https://x|y>", "\u2028\u2029\u2027\u0085 é 決済 🔥\ufffd", "bad \xff utf8\xc3",
		strings.Repeat("x", maxSection), strings.Repeat("x", maxSection+1), strings.Repeat("🔥", maxSection/2), strings.Repeat("🔥 ", maxSection/2),
		strings.Repeat("word ", maxTotal),
	} {
		same(t, text)
	}
	some := rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("<>&\"\\\b\f\n\r\t\x01\u2028\u2029 x")))
	rapid.Check(t, func(t *rapid.T) { same(t, rapid.StringOf(some).Draw(t, "text")) })
}

func TestAnAnswerWithButtonsKeepsThem(t *testing.T) {
	got, err := Render(nil, outbound.Reply{Text: "Sure?", Buttons: []outbound.Button{{Label: "Yes", Offer: "o1"}}})
	if err != nil || !strings.Contains(string(got), `"value":"o1"`) {
		t.Errorf("laid out as %s, %v", got, err)
	}
}
