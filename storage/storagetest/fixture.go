// Package storagetest opens stores for tests on every database, and holds the
// promises that the store keeps on each of them.
//
// SQLite is always there. PostgreSQL is used when ROLLCALL_TEST_POSTGRES names a
// server on which databases may be created; ROLLCALL_TEST_NO_SKIP=1 turns its
// absence into a failure.
package storagetest

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx", to make and drop databases

	"github.com/rollcall-bot/rollcall/storage"
)

// Start is where the clocks of a Fixture begin.
var Start = time.Date(2026, 3, 28, 14, 5, 0, 0, time.UTC)

// Patience bounds what a test waits for.
const Patience = 20 * time.Second

// Fixture is an open store with clocks that stand still until they are moved.
type Fixture struct {
	*storage.Store
	URL  string
	Now  *Clock // Rollcall's clock
	Wall *Clock // the machine's
	t    testing.TB
	opts storage.Options
}

// Clock is a clock that moves only by hand.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// Time is the present time.
func (c *Clock) Time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Move moves the clock, backwards too.
func (c *Clock) Move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(by)
}

// Each runs a test on every database.
func Each(t *testing.T, test func(t *testing.T, fx *Fixture)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite opens a store on a new file.
func SQLite(t testing.TB) *Fixture {
	t.Helper()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "rollcall.db"))
}

// Postgres opens a store on a new database, which is dropped after the test.
func Postgres(t testing.TB) *Fixture {
	t.Helper()
	return open(t, PostgresURL(t))
}

// PostgresURL makes an empty database.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("ROLLCALL_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("ROLLCALL_TEST_NO_SKIP") == "1" {
			t.Fatal("ROLLCALL_TEST_POSTGRES is not set, and ROLLCALL_TEST_NO_SKIP=1 forbids to go on without PostgreSQL")
		}
		t.Skip("PostgreSQL skipped: set ROLLCALL_TEST_POSTGRES=postgres://user@host:port/postgres to include it")
	}
	name := fmt.Sprintf("rollcall_test_%d_%d", os.Getpid(), databases.Add(1))
	exec(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { exec(t, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("ROLLCALL_TEST_POSTGRES: %v", err)
	}
	u.Path = "/" + name
	return u.String()
}

var databases atomic.Int64

func exec(t testing.TB, server, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatalf("ROLLCALL_TEST_POSTGRES: %v", err)
	}
	defer func() { _ = db.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func open(t testing.TB, rawURL string) *Fixture {
	t.Helper()
	fx := &Fixture{URL: rawURL, Now: &Clock{at: Start}, Wall: &Clock{at: Start}, t: t}
	fx.opts = fx.Options()
	fx.Store = fx.Another(fx.opts)
	return fx
}

// ids counts up over all fixtures, so that two stores on one database never
// make the same one.
var ids atomic.Int64

// Options are what the fixture's store was opened with.
func (fx *Fixture) Options() storage.Options {
	return storage.Options{
		URL:   fx.URL,
		Now:   fx.Now.Time,
		Wall:  fx.Wall.Time,
		NewID: func() string { return "id-" + strconv.FormatInt(ids.Add(1), 10) },
		Log:   slog.New(slog.DiscardHandler),
	}
}

// Another opens one more store, such as a second replica on the same database.
func (fx *Fixture) Another(opts storage.Options) *storage.Store {
	fx.t.Helper()
	s, err := storage.Open(fx.t.Context(), opts)
	if err != nil {
		fx.t.Fatalf("open %s: %v", opts.URL, err)
	}
	fx.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), Patience)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			fx.t.Errorf("close: %v", err)
		}
	})
	return s
}

// Reopen closes the store and opens it again, as a restart does.
func (fx *Fixture) Reopen() {
	fx.t.Helper()
	if err := fx.Close(fx.t.Context()); err != nil {
		fx.t.Fatalf("close: %v", err)
	}
	fx.Store = fx.Another(fx.opts)
}

// MustWrite fails the test when the write fails.
func (fx *Fixture) MustWrite(fn func(*storage.Tx) error) {
	fx.t.Helper()
	if err := fx.Write(fx.t.Context(), fn); err != nil {
		fx.t.Fatalf("write: %v", err)
	}
}

// MustRead fails the test when the read fails.
func (fx *Fixture) MustRead(fn func(*storage.Reader) error) {
	fx.t.Helper()
	if err := fx.Read(fx.t.Context(), fn); err != nil {
		fx.t.Fatalf("read: %v", err)
	}
}
