package grammar

import (
	"strings"
	"testing"
)

func TestNext(t *testing.T) {
	const raw = `Task <@U1|ana>, ask "the \"db team" @bo: <!subteam^S1|@sre>,x <https://x.test/a|x>) https://y.test "open` +
		"\n" + `(<@W2>) "" @ http:// end`
	want := []Word{
		{Kind: Plain, Text: "Task"},
		{Kind: User, Text: "<@U1>", ID: "U1", Label: "ana"},
		{Kind: Plain, Text: "ask"},
		{Kind: Quoted, Text: `the \"db team`},
		{Kind: Name, Text: "@bo:"},
		{Kind: Group, Text: "@sre", ID: "S1", Label: "sre"},
		{Kind: Plain, Text: ",x"},
		{Kind: URL, Text: "https://x.test/a", Label: "x"},
		{Kind: Plain, Text: ")"},
		{Kind: URL, Text: "https://y.test"},
		{Kind: Plain, Text: `"open`},
		{Kind: Plain, Text: "("},
		{Kind: User, Text: "<@W2>", ID: "W2"},
		{Kind: Plain, Text: ")"},
		{Kind: Plain, Text: `""`},
		{Kind: Plain, Text: "@"},
		{Kind: Plain, Text: "http://"},
		{Kind: Plain, Text: "end"},
		{Kind: End},
		{Kind: End},
	}
	l := Normalise(raw)
	for i, expected := range want {
		var w Word
		if w, l = l.Next(); w != expected {
			t.Fatalf("word %d is %+v, want %+v; left is %q", i, w, expected, l.Text())
		}
	}
}

func TestNextLeavesTheLineAsItWas(t *testing.T) {
	l := Normalise("note <@U1>: a\n\n  b  c")
	_, rest := l.Next()
	who, text := rest.Next()
	if l.Text() != "note <@U1>: a\n\n  b  c" || rest.Text() != "<@U1>: a\n\n  b  c" {
		t.Errorf("walking changed a line: %q, %q", l.Text(), rest.Text())
	}
	if who.ID != "U1" || text.Text() != "a\n\n  b  c" {
		t.Errorf("after the person %+v comes %q", who, text.Text())
	}
	var zero Line
	if w, _ := zero.Next(); w.Kind != End || !zero.Empty() || zero.Text() != "" {
		t.Errorf("the zero line is not empty: %+v", w)
	}
}

func TestSeparatorAfterAPerson(t *testing.T) {
	for raw, want := range map[string]string{
		"<@U1>, look": "look", "<@U1>: look": "look", "<@U1>:look": ":look", "<@U1> : look": ": look",
		"<@U1>'s look": "'s look", "<@U1>,": "", "<@U1>,\nlook": "look",
	} {
		if _, rest := Normalise(raw).Next(); rest.Text() != want {
			t.Errorf("after the person of %q comes %q, want %q", raw, rest.Text(), want)
		}
	}
}

func TestIs(t *testing.T) {
	if w, _ := Normalise("OPEN it").Next(); !w.Is("declare", "open") || w.Is("opened") {
		t.Errorf("%+v is not read in any case", w)
	}
	if w, _ := Normalise(`"open" it`).Next(); w.Is("open") {
		t.Errorf("a quoted word is no keyword: %+v", w)
	}
}

// "`--` or a quote starts literal text".
func TestLiteral(t *testing.T) {
	for raw, want := range map[string]string{
		"-- sev1 is the title":         "sev1 is the title",
		"— sev1 is the title":          "sev1 is the title", // what a phone makes of "--"
		"– private keys leaked":        "private keys leaked",
		"- checkout is down":           "checkout is down",
		"--":                           "",
		`-- "quoted" stays`:            `"quoted" stays`,
		`"sev1 is the title"`:          "sev1 is the title",
		`“sev1 is the title”`:          "sev1 is the title",
		`'private' is our name for it`: `'private' is our name for it`,
		`'sev1 is the title'`:          "sev1 is the title",
		`"a" and "b"`:                  `"a" and "b"`,
		`"half open`:                   `"half open`,
		`"`:                            `"`,
		`""`:                           "",
		`"ask <@U1>"`:                  "ask <@U1>",
	} {
		if got, ok := Normalise(raw).Literal(); !ok || got.Text() != want {
			t.Errorf("Literal of %q = %q, %v, want %q", raw, got.Text(), ok, want)
		}
	}
	for _, raw := range []string{"", "sev1 -- x", "--force is ignored", "---- x", "-1 users", "<@U1> --", "checkout"} {
		l := Normalise(raw)
		if got, ok := l.Literal(); ok || got.Text() != l.Text() {
			t.Errorf("%q is no literal text, got %q", raw, got.Text())
		}
	}
}

// "split at the last `; done when`".
func TestSplitLast(t *testing.T) {
	for raw, want := range map[string][2]string{
		"alert on lag; done when it pages":                {"alert on lag", "it pages"},
		"alert on lag; Done When: it pages":               {"alert on lag", "it pages"},
		"alert on lag;done when it pages":                 {"alert on lag", "it pages"},
		"alert on lag ;  done\nwhen it pages":             {"alert on lag", "it pages"},
		"a; done when b; done when c":                     {"a; done when b", "c"},
		"ask <@U1>; done when <@U2> agrees":               {"ask <@U1>", "<@U2> agrees"},
		"ask <@U1>; done when":                            {"ask <@U1>", ""},
		"; done when green":                               {"", "green"},
		"x; done when y; done whenever":                   {"x", "y; done whenever"},
		"x; done when y <https://z.test/;done|x>":         {"x", "y https://z.test/;done"},
		"größe; done when ü":                              {"größe", "ü"},
		"x &lt;; done when <@U1> &lt;@U2&gt; says &amp;a": {"x <", "<@U1> < @U2> says &a"},
	} {
		before, after, ok := Normalise(raw).SplitLast("; done when")
		if !ok || before.Text() != want[0] || after.Text() != want[1] {
			t.Errorf("SplitLast(%q) = %q, %q, %v, want %q", raw, before.Text(), after.Text(), ok, want)
		}
	}
	for _, raw := range []string{
		"", "done when it pages", "x; done whenever", "x; donewhen y", "x, done when y", "x; done whené", "; done",
	} {
		l := Normalise(raw)
		if before, after, ok := l.SplitLast("; done when"); ok || before.Text() != l.Text() || !after.Empty() {
			t.Errorf("SplitLast(%q) = %q, %q, %v, want no split", raw, before.Text(), after.Text(), ok)
		}
	}
	if _, _, ok := Normalise("handed to bo, so to ana").SplitLast("to"); !ok {
		t.Errorf("a separator of letters is not found")
	}
	if _, after, _ := Normalise("stop to potato").SplitLast("to"); after.Text() != "potato" {
		t.Errorf("a separator was found inside a word: %q", after.Text())
	}
	if _, _, ok := Normalise("x").SplitLast(" "); ok {
		t.Errorf("nothing separates")
	}
}

func FuzzSplitLast(f *testing.F) {
	f.Add("alert; done when it pages", "; done when")
	f.Add("<@U1>; DONE\nWHEN: <https://x.test|;done when>", "; done when")
	f.Add("ü to ö", "to")
	f.Fuzz(func(t *testing.T, raw, separator string) {
		l := Normalise(raw)
		before, after, ok := l.SplitLast(separator)
		checkPlainText(t, before)
		checkPlainText(t, after)
		if !ok && (before.Text() != l.Text() || !after.Empty()) {
			t.Fatalf("no split of %q, yet %q and %q", l.Text(), before.Text(), after.Text())
		}
		if !strings.HasPrefix(l.Text(), before.Text()) || !strings.HasSuffix(l.Text(), after.Text()) {
			t.Fatalf("%q was split into %q and %q", l.Text(), before.Text(), after.Text())
		}
		if n := len(before.Users()) + len(after.Users()); n < len(l.Users()) {
			t.Fatalf("splitting %q lost a person", l.Text())
		}
	})
}
