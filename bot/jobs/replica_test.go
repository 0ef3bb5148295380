package jobs_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/storage/storagetest"
)

func TestTwoProgramsOnOneDatabaseDoNothingTwice(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "rollcall.db") },
		"postgres": func(t *testing.T) string { return storagetest.PostgresURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldOn(t, url(t))
			second := w.replica()
			w.slack.Inject(slackfake.Fault{Method: "chat.postMessage", Kind: slackfake.LostReply, Chance: 0.1})
			stop := w.work()
			second.work()
			const incidents = 6
			for n := range incidents {
				at := []*world{w, second}[n%2]
				at.does(w.ana, "C-elsewhere", fmt.Sprint("open Nothing works ", n))
				// The same delivery reaches both.
				req := bot.Request{
					Delivery: bot.Delivery{Source: "twice", ID: fmt.Sprint(n)}, Surface: "slash", Text: fmt.Sprintf("INC-%d task look again", n+1),
					From: bot.From{Team: w.slack.Identity().TeamID, User: w.ana},
				}
				if a, b := w.bot.Handle(t.Context(), req), second.bot.Handle(t.Context(), req); a.Kind != bot.Done || a.Text != b.Text {
					t.Fatalf("answered %q, then %q", a.Text, b.Text)
				}
				if n == incidents/2 {
					stop() // one of both goes on alone
				}
			}
			for _, b := range second.briefs() {
				second.settled(b.ID)
			}
			for _, b := range second.briefs() {
				ch, _ := w.slack.Channel(b.ChannelID)
				if n := w.slack.MessageCount(ch.ID); n != 5 || len(ch.Pins) != 1 || len(ch.Bookmarks) != 1 { // the summary and four tasks
					t.Errorf("%s: %d messages, pins %v, bookmarks %v", b.Title, n, ch.Pins, ch.Bookmarks)
				}
			}
			if n := len(w.slack.Snapshot().Channels); n != incidents+2 {
				t.Errorf("%d channels", n)
			}
			if n := len(w.slack.Messages(w.announce)); n != incidents {
				t.Errorf("%d announcements", n)
			}
			w.calm()
		})
	}
}
