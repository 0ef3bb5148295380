package say_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/rollcall-bot/rollcall/bot/say"
)

func checkJSON(t interface{ Errorf(string, ...any) }, text string) {
	want, err := json.Marshal(text)
	if got := say.JSON([]byte("x"), text); err != nil || string(got) != "x"+string(want) {
		t.Errorf("%q is written as %s, want %s, %v", text, got, want, err)
	}
}

func TestATextIsWrittenAsEncodingJSONWritesIt(t *testing.T) {
	for r := range rune(0x3000) {
		checkJSON(t, "a"+string(r)+"b")
	}
	odd := rapid.SampledFrom([]string{"\xff", "\xc3", "\xed\xa0\x80", "\u2028", "\u2029", "<", "\"", "\\", "\x00", "\ufffd", "🔥", "word "})
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		for _, piece := range rapid.SliceOfN(odd, 0, 6).Draw(t, "odd") {
			text += piece + rapid.String().Draw(t, "more")
		}
		checkJSON(t, text)
	})
}

func FuzzJSON(f *testing.F) {
	f.Add("a\"b\\c\u2028<&>\x00\xff")
	f.Fuzz(func(t *testing.T, text string) { checkJSON(t, text) })
}
