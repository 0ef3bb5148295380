package bot_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// TestForgedButtonsAreDeniedAndLogged presses buttons whose ids were swapped, by
// people and from workspaces that they are not for. Whoever acts is who the payload
// says that pressed, never somebody whom an id names.
func TestForgedButtonsAreDeniedAndLogged(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	w.bot.Log = slog.New(slog.NewTextHandler(&log, nil))
	w.write(func(tx *storage.Tx) error {
		_, err := tx.UpsertPerson(storage.Person{SlackID: "U7", TeamID: "T2", Name: "alien"})
		return err
	})
	hidden := w.open("U1", "open private layoffs", "C1")
	seen := w.open("U3", "open Checkout is down", "C2")
	w.does("U1", "C1", "task read the layoffs")
	w.does("U3", "C2", "task look")
	asked := w.says("U1", "C1", "task read the layoffs")
	head := w.incident(hidden.ID).Head
	run := func(team, user, channel, line string, id incident.ID) bot.Answer {
		return w.bot.Handle(t.Context(), bot.Request{
			Delivery: bot.Delivery{Source: "test", ID: fmt.Sprint(w.last.Add(1))}, From: bot.From{Team: team, User: user, Channel: channel},
			Surface: "button", Text: line, Marked: true, Incident: id, Confirmed: true,
		})
	}
	for name, a := range map[string]bot.Answer{
		"the id of a hidden incident in an own button": run("T1", "U3", "C2", "task done T1", hidden.ID),
		"in a guest's":              run("T1", "U4", "C2", "task done T1", hidden.ID),
		"from another workspace":    run("T2", "U7", "C1", "task done T1", hidden.ID),
		"by somebody deactivated":   run("T1", "U5", "C1", "task done T1", hidden.ID),
		"by nobody":                 run("T1", "U404", "C1", "task done T1", hidden.ID),
		"an offer of its member's":  w.press("U3", "C2", button(t, asked, "Add anyway")),
		"an offer that is none":     w.press("U3", "C2", bot.Button{Offer: "' OR 1=1 --"}),
		"an id that is none":        run("T1", "U3", "C2", "task done T1", "0190-\nlevel=ERROR <!channel>"),
		"another workspace's guest": run("T2", "U7", "C2", "task done T1", seen.ID),
	} {
		if a.Kind != bot.Refused || strings.Contains(a.Text, "layoffs") || strings.Contains(a.Text, "INC-1") || len(a.Buttons) > 0 {
			t.Errorf("%s is answered (%s): %s", name, a.Kind, a.Text)
		}
	}
	if now := w.incident(hidden.ID).Head; now != head {
		t.Errorf("%d events became %d", head, now)
	}
	if denied := strings.Count(log.String(), "denied: a button or form"); denied < 5 || !strings.Contains(log.String(), string(hidden.ID)) {
		t.Errorf("%d denials are in the log:\n%s", denied, log.String())
	}
	if strings.Contains(log.String(), "layoffs") || strings.Contains(log.String(), "<!channel>") {
		t.Errorf("the log says too much:\n%s", log.String())
	}
	if a := run("T1", "U1", "C1", "task done T1", hidden.ID); a.Kind != bot.Done {
		t.Errorf("its member is answered (%s): %s", a.Kind, a.Text)
	}
}

// TestNothingTypedReachesTheSchema types what databases choke on into every form that
// takes words: each is answered, and the tables stay what they were.
func TestNothingTypedReachesTheSchema(t *testing.T) {
	w := newWorld(t)
	ask := func(query string) (all string) {
		t.Helper()
		db, err := sql.Open("sqlite3", "file:"+w.file+"?mode=ro&_busy_timeout=5000")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		if err := db.QueryRowContext(t.Context(), query).Scan(&all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	const schema = `SELECT group_concat(type || name || coalesce(sql, ''), char(10)) FROM sqlite_master`
	before := ask(schema)
	w.open("U1", "open One", "C1")
	w.does("U1", "C1", "lead me")
	lines := 0
	texts := []string{"x'; DROP TABLE event;--", `x"); DELETE FROM incident WHERE ("1"="1`, "a\x00b", "\xff\xfe\xc3(", "$1 ?1 %s %n {{.}}", strings.Repeat("'", 1<<20)}
	for n, text := range texts {
		for m, way := range bot.Ways() {
			if len(text) > 1<<19 && m%8 != 0 || !way.TakesText() {
				continue
			}
			lines++
			if a := w.saysFor("T1", "U1", "C1", way.Typed(text)); a.Kind == bot.NotSaved || a.Text == "" && a.Kind != bot.Silent {
				t.Errorf("text %d in %q is answered (%s): %.300q", n, way.Line, a.Kind, a.Text)
			}
		}
		w.says("U1", "C1", "INC-1 reopen again")
	}
	if after := ask(schema); after != before || len(before) < 1000 {
		t.Errorf("the tables are now %s", after)
	}
	if n := ask(`SELECT count(*) FROM event WHERE body LIKE '%DROP TABLE%'`); n == "0" {
		t.Error("what was typed is not in the log")
	}
	t.Logf("%d texts, %d lines, %d bytes of schema", len(texts), lines, len(before))
}
