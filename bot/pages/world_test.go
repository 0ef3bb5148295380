package pages_test

import (
	"context"
	"database/sql"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/pages"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/empty"
	"github.com/rollcall-bot/rollcall/templates"
)

var start = time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)

// sessionKey is what sessions are sealed with here.
const sessionKey = "a key of the tests, long enough to be one"

// world is the pages on a database of their own, with the real conversation behind
// them and a stand-in of Slack's sign-in.
type world struct {
	t     *testing.T
	clock *clock.Movable
	store *storage.Store
	file  string
	bot   *bot.Service
	slack *issuer
	site  *httptest.Server
	door  bot.Handler // nil for the conversation
	last  atomic.Int64
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: clock.Frozen(start), file: filepath.Join(t.TempDir(), "rollcall.db")}
	log := slog.New(slog.DiscardHandler)
	err := empty.File(w.file)
	if err != nil {
		t.Fatal(err)
	}
	w.store, err = storage.Open(t.Context(), storage.Options{URL: "sqlite:" + w.file, Now: w.clock.Now, Wall: time.Now, NewID: w.id, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.store.Close(context.WithoutCancel(t.Context())) })
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	chain, err := calls.New([]string{"jitsi:https://meet.example.org"}, func() string { return "room" + w.id()[30:] })
	if err != nil {
		t.Fatal(err)
	}
	w.bot = bot.New(bot.Options{Store: w.store, Book: book, Calls: chain, Clock: w.clock, NewID: w.id, Log: log, Policy: &incident.Policy{
		DefaultSeverity: 2, Zone: time.UTC, Sprint: 14 * 24 * time.Hour, DefaultTasks: []string{"Find the surface of the bleeding"},
	}})
	w.slack = newIssuer(t, w.clock.Now)
	w.site = w.replica(sessionKey)
	w.bot.OfferLinks(bot.Links{Base: w.site.URL, Secret: pages.Secret, Life: 24 * time.Hour})
	w.people()
	return w
}

func (w *world) id() string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", w.last.Add(1)) }

// replica is a program that serves the same database.
func (w *world) replica(key string) *httptest.Server {
	w.t.Helper()
	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	w.t.Cleanup(site.Close)
	o := pages.Options{
		Store: w.store, Door: w, PublicURL: site.URL, Now: w.clock.Now, NewID: w.id, Secret: pages.Secret, Log: slog.New(slog.DiscardHandler),
		Questions: w.bot,
		Document: func(r *storage.Reader, inc *incident.Incident) (rfo.Document, error) {
			log, err := r.RawRecords(inc.ID, 1)
			return rfo.Build(inc, log, called{}, rfo.Options{}), err
		},
	}
	if key != "" {
		o.SignIn = pages.SignIn{ClientID: "client", ClientSecret: "secret", Key: key, Issuer: w.slack.URL}
	}
	s, err := pages.New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	s.Register(mux)
	return site
}

// Handle is the door that the pages knock at.
func (w *world) Handle(ctx context.Context, req bot.Request) bot.Answer {
	if w.door != nil {
		return w.door.Handle(ctx, req)
	}
	return w.bot.Handle(ctx, req)
}

// called names everybody alike.
type called struct{}

func (called) Name(incident.PersonID) string { return "Somebody" }

// The people of the workspace, by Slack's ids.
const (
	member   = "U1" // in the channel of every incident here
	outsider = "U2" // a full member, in no channel
	gone     = "U3" // was in the channel
	guest    = "U4" // a guest in the channel
	alien    = "U5" // of another workspace, in the channel
)

func (w *world) people() {
	w.t.Helper()
	w.write(func(tx *storage.Tx) error {
		if err := tx.SetTeam("T1"); err != nil {
			return err
		}
		if err := tx.SetMeta(bot.MetaRoster, start.Format(time.RFC3339)); err != nil {
			return err
		}
		for _, p := range []storage.Person{
			{SlackID: member, Name: "ana", RealName: "Ana", TeamID: "T1", Zone: "Europe/Berlin"},
			{SlackID: outsider, Name: "bea", RealName: "Bea", TeamID: "T1"},
			{SlackID: gone, Name: "carl", TeamID: "T1"},
			{SlackID: guest, Name: "gus", TeamID: "T1", Guest: true},
			{SlackID: alien, Name: "al", TeamID: "T2"},
		} {
			if _, err := tx.UpsertPerson(p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) write(fn func(*storage.Tx) error) {
	w.t.Helper()
	if err := w.store.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// says is what somebody types in Slack; it must not be refused.
func (w *world) says(user, line string) string {
	w.t.Helper()
	a := w.bot.Handle(w.t.Context(), bot.Request{
		Delivery: bot.Delivery{Source: "test", ID: w.id()}, From: bot.From{Team: "T1", User: user}, Surface: "slash", Text: line, Confirmed: true,
	})
	if a.Kind != bot.Done && a.Kind != bot.Shown {
		w.t.Fatalf("%q was answered (%s): %s", line, a.Kind, a.Text)
	}
	return a.Text
}

// open opens an incident with everybody but the outsider in its channel.
func (w *world) open(line string) incident.ID {
	w.t.Helper()
	w.says(member, line)
	var id incident.ID
	w.write(func(tx *storage.Tx) error {
		all, err := tx.RawBriefs()
		id = all[0].ID
		for _, user := range []string{gone, guest, alien} {
			p, err := tx.PersonBySlack(user)
			if err != nil {
				return err
			}
			if err := tx.AddMember(id, p.ID, w.clock.Now()); err != nil {
				return err
			}
		}
		return err
	})
	return id
}

// leaves takes somebody out of an incident's channel.
func (w *world) leaves(user string, id incident.ID) {
	w.t.Helper()
	w.write(func(tx *storage.Tx) error {
		p, err := tx.PersonBySlack(user)
		if err != nil {
			return err
		}
		return tx.RemoveMember(id, p.ID)
	})
}

// link is a personal link to an incident's page: its path and its secret.
func (w *world) link(user, key string) (path, secret string) {
	w.t.Helper()
	_, rest, _ := strings.Cut(w.says(user, key+" link"), w.site.URL)
	path, rest, _ = strings.Cut(rest, "#")
	secret, _, _ = strings.Cut(rest, "\n")
	return path, secret
}

// dump is all that the database holds of these tables.
func (w *world) dump(tables ...string) string {
	w.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+w.file+"?mode=ro")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var out strings.Builder
	for _, table := range tables {
		if err := dump(w.t.Context(), db, table, &out); err != nil {
			w.t.Fatal(err)
		}
	}
	return out.String()
}

func dump(ctx context.Context, db *sql.DB, table string, out *strings.Builder) error {
	rows, err := db.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		cells, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for n := range cells {
			into[n] = &cells[n]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for _, c := range cells {
			out.WriteString(c.String + "|")
		}
		out.WriteString(table + "\n")
	}
	return rows.Err()
}

// elements are a page's elements by name, and its text; the page must parse.
func elements(t *testing.T, page string) (count map[string]int, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	count = map[string]int{}
	var all strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return count, all.String()
		}
		if err != nil {
			t.Fatalf("the page does not parse: %v", err)
		}
		switch tok := token.(type) {
		case xml.StartElement:
			count[tok.Name.Local]++
			for _, a := range tok.Attr {
				if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") || strings.Contains(strings.ToLower(a.Value), "javascript:") {
					t.Errorf("an attribute came alive: %v", a)
				}
			}
		case xml.CharData:
			all.Write(tok)
		}
	}
}

// incident is an incident as it stands.
func (w *world) incident(id incident.ID) (inc *incident.Incident, err error) {
	err = w.store.Read(w.t.Context(), func(r *storage.Reader) (err error) {
		inc, err = r.RawIncident(id)
		return err
	})
	return inc, err
}
