package disk_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/playground/chaos/disk"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/templates"
)

// program is the store and the conversation, without anything outside.
type program struct {
	t     *testing.T
	path  string
	store *storage.Store
	talk  *bot.Service
	last  atomic.Int64
}

// newProgram opens a new database on the disk that can be hurt.
func newProgram(t *testing.T) *program {
	t.Helper()
	if err := disk.Install(); err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, path: filepath.Join(t.TempDir(), "rollcall.db")}
	t.Cleanup(func() {
		disk.Heal()
		disk.Weaken(false)
		p.close()
	})
	return p
}

func (p *program) open() {
	p.t.Helper()
	var err error
	log := slog.New(slog.DiscardHandler)
	p.store, err = storage.Open(p.t.Context(), storage.Options{
		URL: "sqlite:" + p.path, Now: time.Now, Wall: time.Now, NewID: uuid.NewString, Log: log,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	chain, err := calls.New([]string{"static:https://meet.example.org/all"}, uuid.NewString)
	if err != nil {
		p.t.Fatal(err)
	}
	p.talk = bot.New(bot.Options{
		Store: p.store, Book: book, Calls: chain, Clock: clock.Real(time.Now), NewID: uuid.NewString, Log: log,
		Policy: &incident.Policy{DefaultSeverity: 2, Zone: time.UTC, DefaultTasks: []string{"find the surface", "roll back"}},
	})
}

func (p *program) close() {
	if p.store == nil {
		return
	}
	if err := p.store.Close(context.WithoutCancel(p.t.Context())); err != nil {
		p.t.Error(err)
	}
	p.store = nil
}

// said is a command, how it was answered, and after how many operations of the disk.
type said struct {
	token  string
	answer bot.Answer
	at     int64
}

// says types one command with a token in it.
func (p *program) says(line string) said {
	n := p.last.Add(1)
	s := said{token: fmt.Sprintf("xq%07dqx", n)}
	s.answer = p.talk.Handle(p.t.Context(), bot.Request{
		Delivery: bot.Delivery{Source: "test", ID: fmt.Sprint(n)}, Surface: "slash", Text: line + " " + s.token, Confirmed: true,
		From: bot.From{User: "U1", Name: "ana"},
	})
	s.at = disk.Operations()
	return s
}

// does is says that must succeed.
func (p *program) does(line string) said {
	p.t.Helper()
	s := p.says(line)
	if s.answer.Kind != bot.Done {
		p.t.Fatalf("%q was answered (%s): %s", line, s.answer.Kind, s.answer.Text)
	}
	return s
}

// log is every event of a database, read past the program; damage is what SQLite says of the file, "ok" for none. A
// database without tables has no events.
func log(ctx context.Context, path string) (events, damage string, err error) {
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&damage); err != nil {
		return "", "", err
	}
	rows, err := db.QueryContext(ctx, "SELECT body FROM event ORDER BY incident, seq")
	if err != nil && strings.Contains(err.Error(), "no such table") {
		return "", damage, nil
	}
	if err != nil {
		return "", damage, err
	}
	defer func() { _ = rows.Close() }()
	var all strings.Builder
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			return "", damage, err
		}
		all.WriteString(body)
		all.WriteByte('\n')
	}
	return all.String(), damage, errors.Join(rows.Err())
}
