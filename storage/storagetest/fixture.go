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
	"strings"
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

// Each runs a test on every database, beside the others: mostly they wait for a disk.
func Each(t *testing.T, test func(t *testing.T, fx *Fixture)) {
	t.Helper()
	t.Parallel()
	for name, open := range map[string]func(testing.TB) *Fixture{"sqlite": SQLite, "postgres": Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// SQLite opens a store on a new file.
func SQLite(t testing.TB) *Fixture {
	t.Helper()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "rollcall.db"))
}

// Postgres opens a store on a new database, which is dropped after the test.
func Postgres(t testing.TB) *Fixture {
	t.Helper()
	return open(t, postgresURL(t, migrated(t)))
}

// PostgresURL makes an empty database. Its commits are not waited for until they are on
// the disk: no test pulls PostgreSQL's own plug.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return postgresURL(t, "template1")
}

// migrated is a database with all tables, to be copied, which takes a fraction of
// the time of making them; KeepTemplate says whether there is one.
func migrated(t testing.TB) string {
	t.Helper()
	templates.Lock()
	defer templates.Unlock()
	if !templates.kept {
		return "template1"
	}
	if templates.name != "" {
		return templates.name
	}
	rawURL := postgresURL(silent{t}, "template1")
	s, err := storage.Open(t.Context(), (&Fixture{URL: rawURL, Now: &Clock{at: Start}, Wall: &Clock{at: Start}, t: t}).Options())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	templates.name = u.Path[1:]
	return templates.name
}

var templates struct {
	sync.Mutex
	kept bool
	name string
}

// silent is a test whose end does not clean up: the template is for those that follow.
type silent struct{ testing.TB }

// Cleanup does nothing.
func (silent) Cleanup(func()) {}

// KeepTemplate has the databases of Postgres copied from one that is made once. drop
// removes it, and is called when all tests have ended.
func KeepTemplate() (drop func()) {
	templates.kept = true
	return func() {
		if server := os.Getenv("ROLLCALL_TEST_POSTGRES"); templates.name != "" {
			if db, err := sql.Open("pgx", server); err == nil {
				_, _ = db.Exec("DROP DATABASE IF EXISTS " + templates.name + " WITH (FORCE)") //nolint:noctx // the process ends
				_ = db.Close()
			}
		}
	}
}

func postgresURL(t testing.TB, from string) string {
	t.Helper()
	server := os.Getenv("ROLLCALL_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("ROLLCALL_TEST_NO_SKIP") == "1" {
			t.Fatal("ROLLCALL_TEST_POSTGRES is not set, and ROLLCALL_TEST_NO_SKIP=1 forbids to go on without PostgreSQL")
		}
		t.Skip("PostgreSQL skipped: set ROLLCALL_TEST_POSTGRES=postgres://user@host:port/postgres to include it")
	}
	name := fmt.Sprintf("rollcall_test_%d_%d", os.Getpid(), databases.Add(1))
	exec(t, server, "CREATE DATABASE "+name+" TEMPLATE "+from)
	t.Cleanup(func() { exec(t, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("ROLLCALL_TEST_POSTGRES: %v", err)
	}
	u.Path = "/" + name
	q := u.Query()
	q.Set("options", "-c synchronous_commit=off")
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
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
