package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/storage"
)

// pooled is a world whose calls are at Google Meet, with these rooms ready; then
// the room for all, then Jitsi.
func pooled(t *testing.T, rooms ...string) *world {
	t.Helper()
	w := newWorld(t)
	chain, err := calls.New([]string{"meet", "static:https://meet.example.org/all", "jitsi:https://jitsi.example.org"}, func() string { return "room" })
	if err != nil {
		t.Fatal(err)
	}
	w.bot.Calls = chain
	for _, url := range rooms {
		w.ready(url)
	}
	return w
}

func (w *world) ready(url string) {
	w.t.Helper()
	w.write(func(tx *storage.Tx) error {
		id, err := tx.BeginRoom("meet", "")
		if err != nil {
			return err
		}
		return tx.KeepRoom(id, "spaces/"+url, url, w.clock.Now().Add(time.Hour))
	})
}

func (w *world) roomsLeft() (n int) {
	w.write(func(tx *storage.Tx) error {
		all, err := tx.Rooms("meet")
		n = len(all)
		return err
	})
	return n
}

func TestTheAnswerOfOpenHasTheRoomThatIsReady(t *testing.T) {
	w := pooled(t, "https://meet.google.com/one", "https://meet.google.com/two")
	if a := w.does("U1", "C-general", "open checkout is down"); !strings.Contains(a.Text, "https://meet.google.com/one") || strings.Contains(a.Text, "not answering") {
		t.Error(a.Text)
	}
	if a := w.does("U1", "C-general", "open private salaries are public"); !strings.Contains(a.Text, "https://meet.google.com/two") {
		t.Error(a.Text)
	}
	// None is left: the private one gets no room that others know.
	if a := w.does("U1", "C-general", "open private more salaries"); !strings.Contains(a.Text, "https://jitsi.example.org/rollcall-room") ||
		!strings.Contains(a.Text, "Google Meet has no room ready just now, so this is Jitsi") {
		t.Error(a.Text)
	}
	w.write(func(tx *storage.Tx) error { return tx.SetMeta(bot.MetaRooms+"meet", "2026-03-04T14:00:00Z") })
	if a := w.does("U1", "C-general", "open mail is slow"); !strings.Contains(a.Text, "Google Meet is not answering, so this is the room for all") {
		t.Error(a.Text)
	}
}

func TestAnOpeningThatIsRefusedUsesNoRoom(t *testing.T) {
	w := pooled(t, "https://meet.google.com/one")
	for _, text := range []string{"open " + strings.Repeat("x", 300), "open"} {
		if a := w.says("U1", "C-general", text); a.Kind == bot.Done {
			t.Errorf("%q was done", text)
		}
	}
	if a := w.says("U4", "C-general", "open by a guest"); a.Kind != bot.Refused {
		t.Errorf("a guest opens: %s", a.Text)
	}
	if n := w.roomsLeft(); n != 1 {
		t.Errorf("%d rooms are left of one", n)
	}
}

func TestARoomComesToWhoeverWaits(t *testing.T) {
	w := pooled(t)
	inc := w.open("U1", "open mail is slow", "C1")
	if err := w.bot.OfferRooms(t.Context(), "meet"); err != nil {
		t.Fatal(err)
	}
	w.ready("https://meet.google.com/late")
	for range 2 {
		if err := w.bot.OfferRooms(t.Context(), "meet"); err != nil {
			t.Fatal(err)
		}
	}
	if c := w.incident(inc.ID).Call(); c.URL != "https://meet.example.org/all" || c.Other("meet") != "https://meet.google.com/late" || len(c.Others) != 1 {
		t.Errorf("%+v", c)
	}
	// The button, or the same words, move the call to that very room.
	if a := w.does("U1", "C1", "call meet"); !strings.Contains(a.Text, "https://meet.google.com/late") {
		t.Error(a.Text)
	}
	if a := w.says("U1", "C1", "call"); !strings.Contains(a.Text, "https://meet.google.com/late") {
		t.Error(a.Text)
	}
}
