package grammar

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNormaliseText(t *testing.T) {
	for raw, want := range map[string]string{
		// "`<url>` and `<url|label>` unwrapped"
		"see <https://example.com/a?b=c&amp;d=e>":   "see https://example.com/a?b=c&d=e",
		"see <https://evil.test|https://good.test>": "see https://evil.test",
		"mail <mailto:ana@example.com|Ana> now":     "mail ana@example.com now",
		"phone <tel:+4930123|+49 30 123>":           "phone +4930123",
		"<https://x.test/&lt;@U1&gt;>":              "https://x.test/%3C@U1%3E",
		"in <#C123|ops> or <#C9>":                   "in #ops or #C9",
		"<!date^1392734382^{date}|18 Feb> it began": "18 Feb it began",
		// "`&amp; &lt; &gt;` decoded exactly once"
		"a &amp;&amp; b &lt;= c &gt; d": "a && b <= c > d",
		"&amp;lt;b&amp;gt;":             "&lt;b&gt;",
		"&amp;amp;lt;":                  "&amp;lt;",
		"&quot;&nbsp;&#60;":             "&quot;&nbsp;&#60;",
		// "smart quotes, dashes and no-break spaces folded, line breaks kept"
		"“don’t” ‘stop’":                        `"don't" 'stop'`,
		"2–5k users — worse, −05:00 a‑b":        "2-5k users - worse, -05:00 a-b",
		"a\u00a0b\u202fc\u2003d\u3000e\tf":      "a b c d e f",
		"one\r\ntwo\rthree\nfour\u2028five":     "one\ntwo\nthree\nfour\nfive",
		" \n outer \u00a0\n":                    "outer",
		"z\u200be\u200dr\u2060o\ufeff\u00ad":    "zero",
		"\u202eevil\u202c \u2066x\u2069":        "evil x",
		"bell\x07 nul\x00 esc\x1b[31m \x7f":     "bell nul esc[31m",
		"  INC-7 note @ana: it's \"ok\" > 5%\n": "INC-7 note @ana: it's \"ok\" > 5%",
		"bad \xff\xfe utf8":                     "bad \uFFFD utf8",
		"caf\u00e9 cafe\u0301 決済 🔥 ❤\ufe0f":     "caf\u00e9 cafe\u0301 決済 🔥 ❤\ufe0f",
		"\u06dd kept, \U000e0041 tag dropped":   "\u06dd kept,  tag dropped",
		"\u3164":                                "",
		"":                                      "",
		// People are marks and nothing else is.
		"task <@U123|ana> and <@W9>":   "task <@U123> and <@W9>",
		"&lt;@U1&gt; is typed":         "< @U1> is typed",
		"&lt;\u200b@U1&gt; too":        "< @U1> too",
		"&lt;<!channel>":               "< @channel",
		"&lt;<mailto:@x|y>":            "< @x",
		"&lt;<@U1>":                    "<<@U1>",
		"<@u1> <@S1> <@> <@U1 x> <@U>": "< @u1> < @S1> < @> < @U1 x> < @U>",
		"<<@U1>> <b> <":                "<<@U1>> <b> <",
		"<!subteam^S1|@sre> <!here> <!everyone|everyone> <!subteam^S2>": "@sre @here @everyone @group",
		"<!> <|x> <:y> <1a:b> <javascript:alert(1)|x>":                  "<!> <|x> <:y> <1a:b> javascript:alert(1)",
		"<https://a b> <https:>":                                        "<https://a b> <https:>",
	} {
		if got := Normalise(raw).Text(); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestTypedHasNoMarkup(t *testing.T) {
	l := Typed("<@U1> said &lt;b&gt; <!here> “ok”\r\n<https://x.test|y>")
	if want := "< @U1> said &lt;b&gt; <!here> \"ok\"\n<https://x.test|y>"; l.Text() != want {
		t.Errorf("Typed = %q, want %q", l.Text(), want)
	}
	if users := l.Users(); len(users) != 0 {
		t.Errorf("typed text names people: %v", users)
	}
}

func TestMarkedReadsOurOwnIds(t *testing.T) {
	const id = "0190b2c4-7d1e-7a55-9c1b-2f3d4e5f6a7b"
	l := Marked("task " + Mark(id) + " look at <@ this> <@> <@U1")
	if want := "task <@" + id + "> look at < @ this> < @> < @U1"; l.Text() != want {
		t.Errorf("Marked = %q, want %q", l.Text(), want)
	}
	if users := l.Users(); !slices.Equal(users, []string{id}) {
		t.Errorf("Users = %v", users)
	}
}

func TestRename(t *testing.T) {
	l := Normalise("task <@U1|ana>: ask <@U2> not <!here> &lt;@U1&gt; <https://x.test|x>, <@U1>")
	_, l = l.Next()
	renamed := l.Rename(func(id string) string { return map[string]string{"U1": "p-1"}[id] })
	if want := "<@p-1>: ask <@U2> not @here < @U1> https://x.test, <@p-1>"; renamed.Text() != want {
		t.Errorf("Rename = %q, want %q", renamed.Text(), want)
	}
	if users := renamed.Users(); !slices.Equal(users, []string{"p-1", "U2"}) {
		t.Errorf("Users = %v", users)
	}
	var kinds []Kind
	for w, rest := renamed.Next(); w.Kind != End; w, rest = rest.Next() {
		kinds = append(kinds, w.Kind)
		if w.Kind == User && w.ID == "p-1" && len(kinds) == 1 && w.Label != "ana" {
			t.Errorf("the label is lost: %+v", w)
		}
	}
	if want := []Kind{User, Plain, User, Plain, Group, Plain, Name, URL, Plain, User}; !slices.Equal(kinds, want) {
		t.Errorf("kinds after Rename = %v, want %v", kinds, want)
	}
}

// slackEscape is what Slack does to what a person types.
var slackEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func TestNormaliseProperties(t *testing.T) {
	pieces := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"<", "@", "U1", ">", "|", "<@U1>", "<@U2|ana>", "<!here>", "<https://x.test|y>", "&lt;", "&amp;", "\u200b", " ", "\r", "\n", "—", "\xff", "<mailto:@x>",
	}))
	rapid.Check(t, func(t *rapid.T) {
		checkNormalise(t, strings.Join(rapid.SliceOfN(pieces, 0, 12).Draw(t, "pieces"), ""))
	})
}

func FuzzNormalise(f *testing.F) {
	for _, seed := range []string{
		"task <@U123|ana> look at <https://x.test|y>", "&lt;@U1&gt;", "<!subteam^S1|@x> “a” — b\r\n", "<<@U1>>", "&lt;<!channel>", "\xff<\u200b@U1>",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) { checkNormalise(t, raw) })
}

type failer interface{ Fatalf(string, ...any) }

func checkNormalise(t failer, raw string) {
	l := Normalise(raw)
	checkPlainText(t, l)
	text := l.Text()
	if slow := normalise(raw); slow.Text() != text {
		t.Fatalf("%q is %q, and %q when it is looked at in full", raw, text, slow.Text())
	}
	if again := Marked(text); again.Text() != text || !slices.Equal(again.Users(), l.Users()) {
		t.Fatalf("%q read again is %q with %v, was with %v", text, again.Text(), again.Users(), l.Users())
	}
	if strings.Contains(slackEscape.Replace(raw), "<") {
		t.Fatalf("the escaper of this test leaves markup")
	}
	typed := Typed(raw)
	checkPlainText(t, typed)
	if users := typed.Users(); len(users) != 0 {
		t.Fatalf("typing %q named %v", raw, users)
	}
	if sent := Normalise(slackEscape.Replace(raw)); sent.Text() != typed.Text() || len(sent.Users()) != 0 {
		t.Fatalf("%q typed is %q, sent by Slack %q with %v", raw, typed.Text(), sent.Text(), sent.Users())
	}
	renamed := l.Rename(func(id string) string { return "x-" + id })
	checkPlainText(t, renamed)
	if back := renamed.Rename(func(id string) string { return strings.TrimPrefix(id, "x-") }); back.Text() != text {
		t.Fatalf("%q renamed and back is %q", text, back.Text())
	}
	for w, rest := l.Next(); w.Kind != End; w, rest = rest.Next() {
		if w.Text == "" || (w.Kind == User) != (w.ID != "" && w.Text == Mark(w.ID)) {
			t.Fatalf("%q holds the word %+v", text, w)
		}
		checkPlainText(t, rest)
		literal, _ := rest.Literal()
		checkPlainText(t, literal)
	}
}

// checkPlainText checks what the package promises of every text it gives out.
func checkPlainText(t failer, l Line) {
	text := l.Text()
	marks := strings.Count(text, "<@")
	for _, id := range l.Users() {
		marks -= strings.Count(text, Mark(id))
	}
	switch {
	case marks != 0:
		t.Fatalf("%q has %d marks that are nobody", text, marks)
	case text != strings.TrimSpace(text):
		t.Fatalf("%q has space around it", text)
	case text != strings.TrimSpace(clean(text)):
		t.Fatalf("%q is not clean", text)
	}
}
