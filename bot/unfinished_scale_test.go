package bot_test

import (
	"strings"
	"testing"
)

// TestWhatIsOldIsNotForgotten: what is still to be done of an incident is shown
// however many came after it.
func TestWhatIsOldIsNotForgotten(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open the cart is empty", "C1")
	w.does("U1", "C1", "action <@U2> by 2026-03-20 alert on the age")
	w.does("U1", "C1", "task <@U2> look at the queue")
	w.later(0, 201)
	text, _ := w.home("U2")
	for _, want := range []string{"the cart is empty", "look at the queue", "alert on the age"} {
		if !strings.Contains(text, want) {
			t.Errorf("the home lacks %q", want)
		}
	}
}
