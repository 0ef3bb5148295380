package grammar

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
func TestNear(t *testing.T) {
	for word, want := range map[string]string{
		"nte": "note", "noet": "note", "NOTTE": "note", "nott": "note", "taks": "task", "rolback": "rollback",
		"rollbakc": "rollback", "resolev": "resolve", "mitgatd": "mitigated", "opne": "open", "task": "task",
		"cals": "call", "services": "service", "impcat": "impact",
		"ntoe ": "", "nt": "", "noooe": "", "rolbk": "", "rllbck": "", "resol": "", "": "", "größe": "", "checkout": "",
	} {
		if got, ok := Near(word, verbs); got != want || ok != (want != "") {
			t.Errorf("Near(%q) = %q, %v, want %q", word, got, ok, want)
		}
	}
	if got, _ := Near("bat", []string{"hat", "cat", "mat"}); got != "cat" {
		t.Errorf("of equally near words the first in the alphabet is meant, got %q", got)
	}
	if got, _ := Near("Cat", []string{"bat", "CAT"}); got != "CAT" {
		t.Errorf("the same word in another case is the nearest, got %q", got)
	}
}

func TestNearProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-eü]{0,9}`).Draw(t, "word")
		words := rapid.SliceOfN(rapid.StringMatching(`[a-eü]{1,9}`), 0, 8).Draw(t, "candidates")
		checkNear(t, word, words)
		other := slices.Clone(words)
		slices.Reverse(other)
		a, okA := Near(word, words)
		b, okB := Near(word, other)
		if a != b || okA != okB {
			t.Fatalf("the order of %v decides: %q or %q", words, a, b)
		}
	})
}

func FuzzNear(f *testing.F) {
	f.Add("noet", "note")
	f.Add("größe", "grösse")
	f.Fuzz(func(t *testing.T, word, other string) { checkNear(t, word, []string{other}) })
}

func checkNear(t failer, word string, candidates []string) {
	got, ok := Near(word, candidates)
	limit := 1
	if len([]rune(strings.ToLower(word))) >= 7 {
		limit = 2
	}
	for _, c := range candidates {
		d := distance([]rune(strings.ToLower(word)), []rune(strings.ToLower(c)))
		if back := distance([]rune(strings.ToLower(c)), []rune(strings.ToLower(word))); back != d {
			t.Fatalf("%q to %q is %d, back is %d", word, c, d, back)
		}
		if d <= limit && (!ok || distance([]rune(strings.ToLower(word)), []rune(strings.ToLower(got))) > d) {
			t.Fatalf("Near(%q) = %q, %v, yet %q is %d away", word, got, ok, c, d)
		}
	}
	if ok && (!slices.Contains(candidates, got) || distance([]rune(strings.ToLower(word)), []rune(strings.ToLower(got))) > limit) {
		t.Fatalf("Near(%q) = %q of %v", word, got, candidates)
	}
}
