package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

func TestActionsAreRemindedInTheOwnersZoneAndReportedWhenTheOwnerLeaves(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U2", "open the cart is empty", "C1")
	w.does("U2", "C1", "action <@U1> by 4w alert on the age")
	var dues []incident.Due
	var ana storage.Person
	if err := w.store.Read(t.Context(), func(r *storage.Reader) (err error) {
		if ana, err = r.PersonBySlack("U1"); err == nil {
			dues, err = r.Dues(inc.ID)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, d := range dues {
		if d.Kind == "action.nudge" {
			found = d.At.In(berlin).Format("15:04") == "09:00"
		}
	}
	if !found {
		t.Errorf("the reminder is not at nine in Berlin: %v", dues)
	}

	for range 2 { // the second time there is nothing left to report
		if err := w.bot.Left(t.Context(), ana.ID); err != nil {
			t.Fatal(err)
		}
	}
	a, _ := w.incident(inc.ID).Review.Action(1)
	if !a.Orphan {
		t.Error("nobody is told that the action needs another person")
	}
	told := 0
	if err := w.store.Read(t.Context(), func(r *storage.Reader) error {
		effects, err := r.RawEffects(inc.ID)
		for _, e := range effects {
			if e.Step.Say.ID == "action_orphan.left" {
				told++
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if told != 1 {
		t.Errorf("told %d times; it should be once", told)
	}
	w.does("U2", "C1", "action assign A1 me")
	if a, _ := w.incident(inc.ID).Review.Action(1); a.Orphan || a.Owner == ana.ID {
		t.Errorf("the action is still %s's", a.Owner)
	}
}

func TestExecutivesAreFoundByIdAndByAddress(t *testing.T) {
	w := newWorld(t)
	w.write(func(tx *storage.Tx) error {
		_, err := tx.UpsertPerson(storage.Person{SlackID: "U9", TeamID: "T1", Name: "max", Email: "Max@example.org"})
		return err
	})
	w.bot.Executives = []string{"U3", "max@example.org", "U5", "nobody@example.org"} // U5 is gone
	w.open("U2", "open the cart is empty", "C1")
	for user, executive := range map[string]bool{"U2": false, "U3": true, "U9": true} {
		text := w.says(user, "", "INC-1 unfollow").Text
		if strings.Contains(text, "one of the executives") != executive {
			t.Errorf("%s is an executive: %v; answered: %s", user, executive, text)
		}
	}
}

// TestAnAddressIsWhoeverHasItNow: who may do something by their address may not any
// more once it is somebody else's.
func TestAnAddressIsWhoeverHasItNow(t *testing.T) {
	w := newWorld(t)
	w.bot.Executives = []string{"cto@example.org"}
	has := func(user, address string) {
		t.Helper()
		w.write(func(tx *storage.Tx) error {
			_, err := tx.UpsertPerson(storage.Person{SlackID: user, TeamID: "T1", Name: strings.ToLower(user), Email: address})
			return err
		})
	}
	executive := func(user string) bool {
		t.Helper()
		return strings.Contains(w.says(user, "", "INC-1 unfollow").Text, "one of the executives")
	}
	has("U8", "cto@example.org")
	has("U9", "new@example.org")
	w.open("U2", "open the cart is empty", "C1")
	if !executive("U8") || executive("U9") {
		t.Error("the address does not say who is an executive")
	}
	has("U8", "adviser@example.org")
	has("U9", "cto@example.org")
	if executive("U8") || !executive("U9") {
		t.Error("whoever had the address before still counts")
	}
}
