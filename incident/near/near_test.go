package near

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var verbs = []string{
	"open", "call", "lead", "handover", "join", "invite", "task", "tasks", "service", "rollback", "note", "timeline",
	"decide", "deadlock", "title", "detected", "impact", "update", "mitigated", "resolve", "reopen", "cancel", "customers",
}

// "one edit up to six letters, two from seven".
func TestWord(t *testing.T) {
	for word, want := range map[string]string{
		"nte": "note", "noet": "note", "NOTTE": "note", "nott": "note", "taks": "task", "rolback": "rollback",
		"rollbakc": "rollback", "resolev": "resolve", "mitgatd": "mitigated", "opne": "open", "task": "task",
		"cals": "call", "services": "service", "impcat": "impact",
		"ntoe ": "", "nt": "", "noooe": "", "rolbk": "", "rllbck": "", "resol": "", "": "", "größe": "", "checkout": "",
	} {
		if got, ok := Word(word, verbs); got != want || ok != (want != "") {
			t.Errorf("Word(%q) = %q, %v, want %q", word, got, ok, want)
		}
	}
	if got, _ := Word("bat", []string{"hat", "cat", "mat"}); got != "cat" {
		t.Errorf("of equally near words the first in the alphabet is meant, got %q", got)
	}
	if got, _ := Word("Cat", []string{"bat", "CAT"}); got != "CAT" {
		t.Errorf("the same word in another case is the nearest, got %q", got)
	}
}

func TestWordProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-eü]{0,9}`).Draw(t, "word")
		words := rapid.SliceOfN(rapid.StringMatching(`[a-eü]{1,9}`), 0, 8).Draw(t, "candidates")
		checkWord(t, word, words)
		other := slices.Clone(words)
		slices.Reverse(other)
		a, okA := Word(word, words)
		b, okB := Word(word, other)
		if a != b || okA != okB {
			t.Fatalf("the order of %v decides: %q or %q", words, a, b)
		}
	})
}

func FuzzWord(f *testing.F) {
	f.Add("noet", "note")
	f.Add("größe", "grösse")
	f.Fuzz(func(t *testing.T, word, other string) { checkWord(t, word, []string{other}) })
}

func checkWord(t interface{ Fatalf(string, ...any) }, word string, candidates []string) {
	got, ok := Word(word, candidates)
	limit := 1
	if len([]rune(strings.ToLower(word))) >= 7 {
		limit = 2
	}
	for _, c := range candidates {
		d := Distance(word, c)
		if back := Distance(c, word); back != d {
			t.Fatalf("%q to %q is %d, back is %d", word, c, d, back)
		}
		if d <= limit && (!ok || Distance(word, got) > d) {
			t.Fatalf("Word(%q) = %q, %v, yet %q is %d away", word, got, ok, c, d)
		}
	}
	if ok && (!slices.Contains(candidates, got) || Distance(word, got) > limit) {
		t.Fatalf("Word(%q) = %q of %v", word, got, candidates)
	}
}

// A longer name may be further off: the caller says how far.
func TestWithin(t *testing.T) {
	names := []string{"ROLLCALL_SLACK_TOKEN", "ROLLCALL_SLACK_SECRET"}
	for wrong, want := range map[string]string{
		"ROLLCALL_SLAK_TOKN": "ROLLCALL_SLACK_TOKEN", "rollcall_slack_secrets": "ROLLCALL_SLACK_SECRET", "ROLLCALL_TOKEN": "",
	} {
		if got, ok := Within(4, wrong, names); got != want || ok != (want != "") {
			t.Errorf("Within(4, %q) = %q, %v, want %q", wrong, got, ok, want)
		}
	}
}
