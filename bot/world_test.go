package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/empty"
	"github.com/rollcall-bot/rollcall/templates"
)

// world is a conversation on a database of its own, without Slack: what people
// say goes straight to the door.
type world struct {
	t     *testing.T
	clock *clock.Movable
	store *storage.Store
	file  string // that the database is in
	bot   *bot.Service
	last  atomic.Int64
}

var start = time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC) // a Wednesday

func newWorld(t *testing.T, changes ...func(*incident.Policy)) *world {
	t.Helper()
	w := &world{t: t, clock: clock.Frozen(start), file: filepath.Join(t.TempDir(), "rollcall.db")}
	id := func() string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", w.last.Add(1)) }
	log := slog.New(slog.DiscardHandler)
	if err := empty.File(w.file); err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), storage.Options{
		URL: "sqlite:" + w.file, Now: w.clock.Now, Wall: time.Now, NewID: id, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close(context.WithoutCancel(t.Context())) })
	w.store = store
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	chain, err := calls.New([]string{"static:https://meet.example.org/all", "jitsi:https://jitsi.example.org"}, func() string { return "room" + id()[30:] })
	if err != nil {
		t.Fatal(err)
	}
	policy := &incident.Policy{
		DefaultSeverity: 2, Zone: time.UTC, Sprint: 14 * 24 * time.Hour,
		Severities:   map[int]incident.SeverityPolicy{1: {UpdateEvery: 30 * time.Minute}, 2: {UpdateEvery: time.Hour}},
		DefaultTasks: []string{"Find the surface of the bleeding", "Roll back every related service", "Look into impact and talk to customer success"},
		Clocks:       incident.Clocks{AskLeader: 2 * time.Minute, NominateLeader: 5 * time.Minute, AcceptLeader: 3 * time.Minute},
	}
	for _, change := range changes {
		change(policy)
	}
	w.bot = bot.New(bot.Options{Store: store, Book: book, Calls: chain, Policy: policy, Clock: w.clock, NewID: id, Log: log})
	w.people("U1 ana Europe/Berlin", "U2 bea", "U3 carl", "U4 dora guest", "U5 eve gone")
	return w
}

// people makes Slack's roster: id, name, and zone, "guest" or "gone".
func (w *world) people(lines ...string) {
	w.t.Helper()
	w.write(func(tx *storage.Tx) error {
		if err := tx.SetTeam("T1"); err != nil {
			return err
		}
		if err := tx.SetMeta(bot.MetaRoster, start.Format(time.RFC3339)); err != nil {
			return err
		}
		for _, line := range lines {
			f := append(strings.Fields(line), "")
			p := storage.Person{SlackID: f[0], Name: f[1], RealName: strings.ToUpper(f[1][:1]) + f[1][1:], TeamID: "T1"}
			switch f[2] {
			case "guest":
				p.Guest = true
			case "gone":
				p.Deleted = true
			default:
				p.Zone = f[2]
			}
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

// says is what somebody types somewhere, in Slack's escapes.
func (w *world) says(user, channel, text string) bot.Answer {
	w.t.Helper()
	return w.bot.Handle(w.t.Context(), bot.Request{
		Delivery: bot.Delivery{Source: "test", ID: fmt.Sprint(w.last.Add(1))},
		From:     bot.From{Team: "T1", User: user, Channel: channel},
		Surface:  "slash", Text: text,
	})
}

// does is says that must succeed.
func (w *world) does(user, channel, text string) bot.Answer {
	w.t.Helper()
	a := w.says(user, channel, text)
	if a.Kind != bot.Done {
		w.t.Fatalf("%q was answered (%s): %s", text, a.Kind, a.Text)
	}
	return a
}

// press presses a button of an answer.
func (w *world) press(user, channel string, b bot.Button) bot.Answer {
	w.t.Helper()
	return w.bot.Handle(w.t.Context(), bot.Request{
		Delivery: bot.Delivery{Source: "test", ID: fmt.Sprint(w.last.Add(1))},
		From:     bot.From{Team: "T1", User: user, Channel: channel},
		Surface:  "button", Offer: b.Offer,
	})
}

// open opens an incident and binds its channel, as the worker does.
func (w *world) open(user, line, channel string) *incident.Incident {
	w.t.Helper()
	w.does(user, "C-general", line)
	var id incident.ID
	w.write(func(tx *storage.Tx) error {
		all, err := tx.RawBriefs()
		if err != nil {
			return err
		}
		id = all[0].ID
		return tx.BindChannel(channel, id)
	})
	return w.incident(id)
}

func (w *world) incident(id incident.ID) *incident.Incident {
	w.t.Helper()
	var inc *incident.Incident
	if err := w.store.Read(w.t.Context(), func(r *storage.Reader) error {
		var err error
		inc, err = r.RawIncident(id)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return inc
}
