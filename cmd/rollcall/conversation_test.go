package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/storage"
)

func testStore(t *testing.T, dir string) *storage.Store {
	t.Helper()
	p := &program{clock: clock.Real(time.Now), wall: time.Now, newID: uuid.NewString}
	s, err := storage.Open(t.Context(), p.storageOptions(Config{DatabaseURL: NewSecret("sqlite:" + filepath.Join(dir, "r.db"))}, slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestTypedNamesBecomeMentionsOnlyWhenOnePersonIsMeant(t *testing.T) {
	s := testStore(t, t.TempDir())
	err := s.Write(t.Context(), func(tx *storage.Tx) error {
		for _, p := range []storage.Person{
			{SlackID: "U1", Name: "ana"},
			{SlackID: "U2", Name: "Ben Smith"},
			{SlackID: "U3", Name: "cho"},
			{SlackID: "U4", Name: "Cho"},
			{SlackID: "U5", Name: "gone", Deleted: true},
			{SlackID: "U6", Name: "robot", Bot: true},
			{SlackID: "cli:root", Name: "root"},
			{SlackID: "U7", Name: "josé"},
		} {
			if _, err := tx.UpsertPerson(p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c := &conversation{store: s}
	for typed, want := range map[string]string{
		"lead @ana":               "lead <@U1>",
		"lead @ANA, please":       "lead <@U1>, please",
		"@bensmith: look":         "<@U2>: look",
		"task @cho two of them":   "task @cho two of them",
		"task @gone":              "task @gone",
		"task @robot":             "task @robot",
		"task @root":              "task @root",
		"invite @josé @ana.":      "invite <@U7> <@U1>.",
		"note mail ana@ana.com":   "note mail ana@ana.com",
		"note a < b & c > @":      "note a &lt; b &amp; c &gt; @",
		"note <@U1> <!channel>":   "note &lt;@U1&gt; &lt;!channel&gt;",
		"note @@ana @":            "note @@ana @",
		"note nobody at all here": "note nobody at all here",
	} {
		if got := c.escaped(t.Context(), typed); got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
	}
}

func TestChoicesCanBePastedIntoAShell(t *testing.T) {
	for want, c := range map[string]localChoice{
		`rollcall do 'task it'\''s broken'`:    {Line: "task it's broken"},
		`rollcall do --yes 'open -- a "b" $c'`: {Line: `open -- a "b" $c`, Confirmed: true},
		"https://meet.example.org/x":           {URL: "https://meet.example.org/x"},
	} {
		if got := c.call(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestNamesOfUsersCannotBreakAnID(t *testing.T) {
	for name, want := range map[string]string{"root": "root", `DOMAIN\ana m`: "DOMAIN-ana-m", "<@U1>": "--U1-", "": "somebody"} {
		if got := slackWord(name); got != want || strings.ContainsAny(got, "<>@ ") {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}
