package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// TestWhatIsOldIsNotForgotten: what is still to be done of an incident is shown
// however many came after it.
func TestWhatIsOldIsNotForgotten(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open the cart is empty", "C1")
	w.does("U1", "C1", "action <@U2> by 2026-03-20 alert on the age")
	w.does("U1", "C1", "task <@U2> look at the queue")
	w.write(func(tx *storage.Tx) error {
		for n := range 201 {
			number, err := tx.NextNumber()
			if err != nil {
				return err
			}
			stamp := incident.Stamp{At: start, Actor: "ana", Command: incident.CommandID(fmt.Sprint("c", n)), Surface: "slash"}
			opened := incident.Opened{Number: number, Title: "another one", Severity: 4}
			if _, err := tx.Append(incident.New(incident.ID(fmt.Sprint("later", n))), stamp, []incident.Event{opened, incident.WasResolved{}}); err != nil {
				return err
			}
		}
		return nil
	})
	text, _ := w.home("U2")
	for _, want := range []string{"the cart is empty", "look at the queue", "alert on the age"} {
		if !strings.Contains(text, want) {
			t.Errorf("the home lacks %q", want)
		}
	}
}
