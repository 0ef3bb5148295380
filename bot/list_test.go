package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// later opens incidents that are over, by nobody who says anything here.
func (w *world) later(from, n int) {
	w.t.Helper()
	w.write(func(tx *storage.Tx) error {
		for i := from; i < from+n; i++ {
			number, err := tx.NextNumber()
			if err != nil {
				return err
			}
			stamp := incident.Stamp{At: start, Actor: "ana", Command: incident.CommandID(fmt.Sprint("c", i)), Surface: "slash"}
			opened := incident.Opened{Number: number, Title: "another one", Severity: 4}
			if _, err := tx.Append(incident.New(incident.ID(fmt.Sprint("later", i))), stamp, []incident.Event{opened, incident.WasResolved{}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestAListIsShortHoweverManyThereWere: the latest are shown, those that are not are
// counted as far as anybody cares, and what is the reader's own is found among all of them.
func TestAListIsShortHoweverManyThereWere(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open the cart is empty", "C1")
	w.does("U1", "C1", "lead me")
	w.does("U1", "C1", "task <@U2> look at the queue")
	w.open("U1", "open private the vault is open", "C2")
	w.later(0, 30)
	mustSay(t, w.says("U2", "C-general", "list all"), bot.Shown, "*INC-32*", "*INC-13*", "… and 11 more:")
	mustSay(t, w.says("U1", "C-general", "list all"), bot.Shown, "*INC-32*", "*INC-13*", "… and 12 more:") // the private one too
	w.later(30, 600)
	a := w.says("U2", "C-general", "list all")
	mustSay(t, a, bot.Shown, "*INC-632*", "*INC-613*", "… and more than 480 more:")
	if n := strings.Count(a.Text, "another one"); n != 20 {
		t.Errorf("%d are shown", n)
	}
	for _, user := range []string{"U1", "U2"} {
		if a := w.says(user, "C-general", "list mine"); !strings.Contains(a.Text, "the cart is empty") || strings.Contains(a.Text, "another one") {
			t.Errorf("%s has %s", user, a.Text)
		}
	}
	w.does("U1", "C1", "resolve it is over")
	mustSay(t, w.says("U1", "C-general", "list mine"), bot.Shown, "the cart is empty", "resolved")
	mustSay(t, w.says("U2", "C-general", "list mine"), bot.Shown, "no task in one")
}
