package bot_test

import (
	"strings"
	"testing"
)

func TestOpeningSaysWhichActionsOfTheSameServiceAreOpen(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open service cart the cart is empty", "C1")
	w.does("U1", "C1", "action me by 1w alert on the age")
	w.does("U1", "C1", "action me by 1w limit the queue")
	w.does("U1", "C1", "action done A2")
	w.open("U1", "open private service cart salaries are public", "C2")
	w.does("U1", "C2", "action me by 1w rotate the key")

	for _, test := range []struct {
		line string
		want bool
	}{{"open service cart the cart is full", true}, {"open service db the db is full", false}, {"open the cart is full again", false}} {
		text := w.does("U2", "", test.line).Text
		if got := strings.Contains(text, "Action A1 of INC-1 is still open: alert on the age"); got != test.want {
			t.Errorf("%s: said is %v; it should be %v: %s", test.line, got, test.want, text)
		}
		if strings.Contains(text, "A2") || strings.Contains(text, "rotate the key") {
			t.Errorf("%s: a done action, or one of a private incident, is told: %s", test.line, text)
		}
	}
}
