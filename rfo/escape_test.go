package rfo

import (
	"bytes"
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

var program = goldmark.New(goldmark.WithExtensions(extension.GFM))

// shown is what a Markdown program shows of one escaped line.
func shown(t testing.TB, line markdown) string {
	t.Helper()
	var b bytes.Buffer
	if err := program.Convert([]byte(line), &b); err != nil {
		t.Fatal(err)
	}
	out := strings.NewReplacer("<p>", "", "</p>", "", "<code>", "", "</code>", "").Replace(b.String())
	return strings.TrimSpace(strings.ReplaceAll(html.UnescapeString(out), joiner, ""))
}

// FuzzEscape: whatever is typed is shown as it was typed, and nothing else is.
func FuzzEscape(f *testing.F) {
	for _, s := range []string{
		"plain", "# h", "- a", "1. a", "> q", "a | b", "*a* _b_ `c`", "<b>x</b>", "&lt;", "[a](b)", "![a](b)", "www.a.b", "a@b.c", "~~x~~",
		"\\*", "a_b_c", "_a_", "http://a.b/c|d`e", "===", "---", "+++", "***", "    code", "```", "a\\", "[ ] x", "| a |", ":tada:", "GH-1 #1 @a !1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		line := escapeLine(typed)
		if strings.ContainsAny(string(line), "\n\r") || !utf8.ValidString(string(line)) {
			t.Fatalf("%q became %q", typed, line)
		}
		want := oneLine(clean(typed))
		// Inside an address what would end the code is written as addresses write it.
		plain := func(s string) string {
			return strings.ReplaceAll(strings.NewReplacer("%60", "`", "%7C", "|", "%7c", "|", "%5C", `\`, "%5c", `\`).Replace(s), joiner, "")
		}
		if got := shown(t, line); plain(got) != plain(want) {
			t.Fatalf("%q is shown as %q: %q", typed, got, line)
		}
	})
}

func TestBlocks(t *testing.T) {
	got := string(paragraphs("Because:\n- one\n* two\n\n3) three\n# four\n-\n"))
	if want := "Because:\n\n- one\n- two\n- three\n\n\\# four\n\n\\-"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestLink(t *testing.T) {
	for url, want := range map[string]markdown{
		"https://a.example/x": "[a\\|b](https://a.example/x)", "javascript:alert(1)": `a\|b`, "https://a.example/)x": `a\|b`,
		"": `a\|b`, "https://": `a\|b`, "http://a.example/ x": `a\|b`,
	} {
		if got := link("a|b", url); got != want {
			t.Errorf("%s: %s", url, got)
		}
	}
}

func TestFirstSentence(t *testing.T) {
	long := strings.Repeat("word ", 60)
	for text, want := range map[string]string{
		"One. Two.": "One.", "Version 1.2 broke. Then": "Version 1.2 broke.", "- first\n- second": "first", "no end": "no end",
		long: strings.TrimSpace(long[:160]) + " …",
	} {
		if got := firstSentence(text); got != want {
			t.Errorf("%q", got)
		}
	}
}
