package bot_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
)

// What is typed under stress is the verb alone: it offers what may be meant,
// instead of saying that something is missing.
func TestBareVerbsOfferWhatMayBeMeant(t *testing.T) {
	for line, want := range map[string][]string{
		"sev":      {"sev1", "sev3", "sev4"},
		"severity": {"sev1", "sev3", "sev4"},
		"detected": {"An alert", "A synthetic test", "One of us", "A customer", "A partner"},
		"rollback": {"Roll back cart"},
	} {
		w := newWorld(t)
		inc := w.open("U2", "open sev2 the cart is empty", "C1")
		w.does("U2", "C1", "service cart bleeding")
		w.does("U2", "C1", "rollback payments")
		a := w.says("U2", "C1", line)
		var labels []string
		for _, b := range a.Buttons {
			labels = append(labels, b.Label)
		}
		if a.Kind != bot.Asked || !slices.Equal(labels, want) {
			t.Errorf("%q is answered (%s) with the buttons %q, not %q: %s", line, a.Kind, labels, want, a.Text)
			continue
		}
		before := w.incident(inc.ID).Head
		if a := w.press("U2", "C1", a.Buttons[0]); a.Kind != bot.Done || w.incident(inc.ID).Head == before {
			t.Errorf("the first button of %q did nothing: %s", line, a.Text)
		}
	}
}

func TestRollbackAloneWithoutServicesSaysHow(t *testing.T) {
	w := newWorld(t)
	w.open("U2", "open the cart is empty", "C1")
	a := w.says("U2", "C1", "rollback")
	if len(a.Buttons) != 0 || !strings.Contains(a.Text, "`rollback SERVICE`") {
		t.Errorf("it is answered with %d buttons: %s", len(a.Buttons), a.Text)
	}
}
