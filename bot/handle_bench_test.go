package bot_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3", for the baseline

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/templates"
)

// BenchmarkHandle measures whole commands, from the text to the answer on disk,
// beside the least that a durable answer costs on the same disk: one event row
// and one job row for each, whoever waits sharing a commit. The custom figure
// "ratio" of a round is how much of the baseline's rate the commands reach.
func BenchmarkHandle(b *testing.B) {
	for _, incidents := range []int{1, 64} {
		for _, callers := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("incidents=%d/c=%d", incidents, callers), func(b *testing.B) {
				bare, commands := newBare(b), newCommands(b, incidents)
				b.ResetTimer()
				var bareTook, took time.Duration
				// In turns, since other programs use the machine too.
				const rounds = 5
				for n := range rounds {
					bareTook += timed(callers, b.N/rounds+1, func(i int) { bare.note(b, n, i) })
					took += timed(callers, b.N/rounds+1, func(i int) { commands.note(b, n, i) })
				}
				total := float64((b.N/rounds + 1) * rounds)
				b.ReportMetric(total/took.Seconds(), "commands/s")
				b.ReportMetric(total/bareTook.Seconds(), "bare/s")
				b.ReportMetric(bareTook.Seconds()/took.Seconds(), "ratio")
			})
		}
	}
}

// timed runs n steps by some callers at once.
func timed(callers, n int, step func(i int)) time.Duration {
	var next atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range callers {
		all.Go(func() {
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				step(i)
			}
		})
	}
	all.Wait()
	return time.Since(began)
}

// commands is a bot with open incidents, each with its channel.
type commands struct {
	bot       *bot.Service
	incidents int
}

func newCommands(b *testing.B, incidents int) *commands {
	b.Helper()
	var last atomic.Int64
	id := func() string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", last.Add(1)) }
	now := clock.Frozen(start)
	store, err := storage.Open(b.Context(), storage.Options{
		URL: "sqlite:" + filepath.Join(b.TempDir(), "rollcall.db"), Now: now.Now, Wall: time.Now, NewID: id, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close(context.WithoutCancel(b.Context())) })
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		b.Fatal(err)
	}
	c := &commands{incidents: incidents, bot: bot.New(bot.Options{
		Store: store, Book: book, Clock: now, NewID: id, Log: slog.New(slog.DiscardHandler),
		Policy: &incident.Policy{
			DefaultSeverity: 2, Zone: time.UTC, Sprint: 14 * 24 * time.Hour,
			Severities: map[int]incident.SeverityPolicy{2: {UpdateEvery: time.Hour}},
			Clocks:     incident.Clocks{AskLeader: 2 * time.Minute, NominateLeader: 5 * time.Minute, AcceptLeader: 3 * time.Minute},
		},
	})}
	for n := range incidents {
		c.says(b, "open", n, "C-elsewhere", fmt.Sprint("open Checkout is down ", n))
	}
	err = store.Write(b.Context(), func(tx *storage.Tx) error {
		all, err := tx.RawBriefs()
		for n, i := range all {
			if err == nil {
				err = tx.BindChannel(fmt.Sprint("C", n), i.ID)
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func (c *commands) note(b *testing.B, round, n int) {
	c.says(b, fmt.Sprint("note", round), n, fmt.Sprint("C", n%c.incidents), "note rolled back the payments service, errors are going down")
}

func (c *commands) says(b *testing.B, source string, n int, channel, text string) {
	b.Helper()
	a := c.bot.Handle(b.Context(), bot.Request{
		Delivery: bot.Delivery{Source: source, ID: fmt.Sprint("trigger-", n)},
		From:     bot.From{Team: "T1", User: "U1", Name: "ana", Channel: channel}, Surface: "slash", Text: text,
	})
	if a.Kind != bot.Done {
		b.Errorf("%q was answered (%s): %s", text, a.Kind, a.Text)
	}
}

// bare is a writer goroutine that stores an event row and a job row for each
// request, and answers after the commit that up to 64 share.
type bare struct {
	queue chan chan error
	db    *sql.DB
}

func newBare(b *testing.B) *bare {
	b.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(b.Context(), `CREATE TABLE event (id INTEGER PRIMARY KEY, incident TEXT NOT NULL, body TEXT NOT NULL);
		CREATE INDEX by_incident ON event (incident, id); CREATE TABLE job (id INTEGER PRIMARY KEY, args TEXT NOT NULL)`)
	if err != nil {
		b.Fatal(err)
	}
	w := &bare{queue: make(chan chan error, 4096), db: db}
	go w.run(b)
	b.Cleanup(func() { close(w.queue) })
	return w
}

func (w *bare) run(b *testing.B) {
	ctx := context.WithoutCancel(b.Context())
	defer func() { _ = w.db.Close() }()
	event, err := w.db.PrepareContext(ctx, `INSERT INTO event (incident, body) VALUES (?, ?)`)
	if err != nil {
		b.Error(err)
		return
	}
	job, err := w.db.PrepareContext(ctx, `INSERT INTO job (args) VALUES (?)`)
	if err != nil {
		b.Error(err)
		return
	}
	for first := range w.queue {
		batch := []chan error{first}
	gather:
		for len(batch) < 64 {
			select {
			case r, ok := <-w.queue:
				if !ok {
					break gather
				}
				batch = append(batch, r)
			default:
				break gather
			}
		}
		err := w.commit(ctx, len(batch), event, job)
		for _, r := range batch {
			r <- err
		}
	}
}

func (w *bare) commit(ctx context.Context, n int, event, job *sql.Stmt) error {
	tx, err := w.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	e, j := tx.StmtContext(ctx, event), tx.StmtContext(ctx, job) //nolint:sqlclosecheck // closed with the transaction
	for range n {
		if _, err := e.ExecContext(ctx, "00000000-0000-7000-8000-000000000001", `{"Text":"rolled back the payments service, errors are going down","By":"00000000-0000-7000-8000-000000000002"}`); err != nil {
			return err
		}
		if _, err := j.ExecContext(ctx, `{"incident":"00000000-0000-7000-8000-000000000001"}`); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (w *bare) note(b *testing.B, _, _ int) {
	answer := make(chan error, 1)
	w.queue <- answer
	if err := <-answer; err != nil {
		b.Error(err)
	}
}
