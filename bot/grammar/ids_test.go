package grammar

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func first(raw string) Word {
	w, _ := Normalise(raw).Next()
	return w
}

// "Users are `<@[UW]…>` with or without `|name`, or `me`; a user group or a bare
// `@name` is refused with help.".
func TestPerson(t *testing.T) {
	for raw, want := range map[string]Who{
		"<@U123> x":     {ID: "U123"},
		"<@U123|ana> x": {ID: "U123", Label: "ana"},
		"<@W9|a&amp;b>": {ID: "W9", Label: "a&b"},
		"me x":          {Me: true},
		"ME: x":         {Me: true},
	} {
		if got, ok, err := Person(first(raw)); !ok || err != nil || got != want {
			t.Errorf("Person(%q) = %+v, %v, %v, want %+v", raw, got, ok, err, want)
		}
	}
	for _, raw := range []string{"", "ana", "media", `"me"`, "&lt;@U1&gt;", "<https://x.test>", "@", "ana@example.com"} {
		if got, ok, err := Person(first(raw)); ok || err != nil {
			t.Errorf("Person(%q) = %+v, %v, %v, want nobody", raw, got, ok, err)
		}
	}
	for raw, want := range map[string]struct {
		code  Code
		typed string
	}{
		"<!subteam^S1|@sre> x": {GroupRefused, "@sre"},
		"<!channel>":           {GroupRefused, "@channel"},
		"<!here|here>":         {GroupRefused, "@here"},
		"@ana x":               {NameRefused, "@ana"},
		"@ana: x":              {NameRefused, "@ana"},
		"@here":                {NameRefused, "@here"},
	} {
		_, ok, err := Person(first(raw))
		p, refused := ProblemOf(err)
		if ok || !refused || p.Code != want.code || p.Typed != want.typed || !strings.HasPrefix(p.Sentence, want.typed+" ") {
			t.Errorf("Person(%q) = %v, %+v, want %+v", raw, ok, p, want)
		}
		if strings.Contains(err.Error(), "ana") {
			t.Errorf("the error for logs holds what was typed: %v", err)
		}
	}
}

// "KEY (`INC-7`, any case)".
func TestKey(t *testing.T) {
	for raw, want := range map[string]int{
		"INC-7": 7, "inc-7 note": 7, "Inc–12: x": 12, "inc-7,": 7, "INC-999999999": 999999999,
	} {
		if got, ok := Key(first(raw)); !ok || got != want {
			t.Errorf("Key(%q) = %d, %v, want %d", raw, got, ok, want)
		}
	}
	for _, raw := range []string{
		"", "inc7", "INC-", "INC-0", "INC-07", "INC-1x", "INC--7", "INC-+7", "INC-9999999999", "XINC-7", `"INC-7"`, "INC_7", "INC-٧", "INC-7.",
	} {
		if got, ok := Key(first(raw)); ok {
			t.Errorf("Key(%q) = %d, want none", raw, got)
		}
	}
}

// "count only when the next word is an id (`T2`, `A1`, `E5`)".
func TestShortIds(t *testing.T) {
	task := func(w Word) (int64, bool) { n, ok := Task(w); return int64(n), ok }
	action := func(w Word) (int64, bool) { n, ok := Action(w); return int64(n), ok }
	for _, c := range []struct {
		raw  string
		read func(Word) (int64, bool)
		want int64
	}{
		{"T2", task, 2},
		{"t2", task, 2},
		{"T12: duplicate", task, 12},
		{"A1 2026-03-04", action, 1},
		{"a1,", action, 1},
		{"E5", Entry, 5},
		{"e50 text", Entry, 50},
		{"with the migration", task, 0},
		{"T", task, 0},
		{"T0", task, 0},
		{"T02", task, 0},
		{"T2x", task, 0},
		{"T-2", task, 0},
		{"A2", task, 0},
		{"T2", action, 0},
		{"T2", Entry, 0},
		{"T1234567890", task, 0},
		{`"T2"`, task, 0},
		{"ₜ2", task, 0},
		{"", task, 0},
	} {
		if got, ok := c.read(first(c.raw)); got != c.want || ok != (c.want > 0) {
			t.Errorf("id of %q = %d, %v, want %d", c.raw, got, ok, c.want)
		}
	}
}

// "NAME is one token `[a-z0-9._-]+`".
func TestServiceName(t *testing.T) {
	for raw, want := range map[string]string{
		"checkout-api":             "checkout-api",
		"Checkout_API.v2 bleeding": "checkout_api.v2",
		"<http://api.example.com|api.example.com> clear": "api.example.com",
		"db1: failed": "db1",
		"7":           "7",
	} {
		if got, ok := ServiceName(first(raw)); !ok || got != want {
			t.Errorf("ServiceName(%q) = %q, %v, want %q", raw, got, ok, want)
		}
	}
	for _, raw := range []string{
		"", "-", "...", "a/b", "größe", `"checkout"`, "<@U1>", "@sre", "<https://x.test|x.test>", "https://x.test", "<http://x.test/|x>", "a,b",
	} {
		if got, ok := ServiceName(first(raw)); ok {
			t.Errorf("ServiceName(%q) = %q, want none", raw, got)
		}
	}
}

var serviceForm = regexp.MustCompile(`^[a-z0-9._-]+$`)

func FuzzWords(f *testing.F) {
	for _, seed := range []string{"INC-7", "t2:", "A1", "E5,", "<@U1|x>", "<!here>", "@ana", "me", "Checkout.API", "<http://x.test|x.test>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		w := first(raw)
		if name, ok := ServiceName(w); ok && !serviceForm.MatchString(name) {
			t.Fatalf("%q is the service %q", raw, name)
		}
		if n, ok := Key(w); ok != (n > 0) || ok && !strings.EqualFold(bare(w.Text), "INC-"+strconv.Itoa(n)) {
			t.Fatalf("%q is the key %d", raw, n)
		}
		task, isTask := Task(w)
		action, isAction := Action(w)
		entry, isEntry := Entry(w)
		if isTask && isAction || isTask && isEntry || isAction && isEntry || isTask != (task > 0) || isAction != (action > 0) || isEntry != (entry > 0) {
			t.Fatalf("%q is task %d, action %d, entry %d", raw, task, action, entry)
		}
		who, ok, err := Person(w)
		if ok && (err != nil || who.Me == (who.ID != "")) || !ok && who != (Who{}) {
			t.Fatalf("%q is the person %+v, %v, %v", raw, who, ok, err)
		}
		if p, refused := ProblemOf(err); refused && (p.Sentence == "" || p.Typed == "") {
			t.Fatalf("%q is refused without a word: %+v", raw, p)
		}
	})
}
