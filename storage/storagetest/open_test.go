package storagetest

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/migrations"
)

// notes makes events of texts.
func notes(texts ...string) []incident.Event {
	var events []incident.Event
	for _, text := range texts {
		events = append(events, incident.Noted{Text: text})
	}
	return events
}

// empty makes a fixture around a database that no store has opened.
func empty(t *testing.T, rawURL string) *Fixture {
	t.Helper()
	return &Fixture{URL: rawURL, Now: &Clock{at: Start}, Wall: &Clock{at: Start}, t: t}
}

// eachEmpty runs a test on a new database of each kind.
func eachEmpty(t *testing.T, test func(t *testing.T, fx *Fixture)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, empty(t, "sqlite:"+filepath.Join(t.TempDir(), "rollcall.db"))) })
	t.Run("postgres", func(t *testing.T) { test(t, empty(t, PostgresURL(t))) })
}

// upTo migrates a database to an older step, as an older Rollcall left it.
func (fx *Fixture) upTo(version int64) *sql.DB {
	fx.t.Helper()
	driver, name, dialect, folder := "pgx", fx.URL, goose.DialectPostgres, migrations.Postgres
	if strings.HasPrefix(fx.URL, "sqlite:") {
		driver, name, dialect, folder = "sqlite3", "file:"+fx.file(), goose.DialectSQLite3, migrations.SQLite
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		fx.t.Fatal(err)
	}
	fx.t.Cleanup(func() { _ = db.Close() })
	p, err := goose.NewProvider(dialect, db, migrations.For(folder), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		fx.t.Fatal(err)
	}
	if _, err := p.UpTo(fx.t.Context(), version); err != nil {
		fx.t.Fatal(err)
	}
	return db
}

func TestAnOlderDatabaseOpens(t *testing.T) {
	eachEmpty(t, func(t *testing.T, fx *Fixture) {
		old := fx.upTo(1)
		for _, s := range []string{
			`INSERT INTO incident (id, workspace, number, status, severity, title, private, drill, channel_id, channel_name, leader, opened_at, updated_at, version)
				VALUES ('i1', 'local', 1, 'open', 2, 'Checkout is down', 0, 0, '', '', '', 1, 1, 1)`,
			`INSERT INTO event (incident, seq, kind, version, at, occurred, actor, command, surface, body)
				VALUES ('i1', 1, 'opened', 1, 1, 1, 'ana', 'c1', 'slash', '{"Number":1,"Title":"Checkout is down","Severity":2}')`,
			`INSERT INTO counter (workspace, name, value) VALUES ('local', 'incident', 1)`,
		} {
			if _, err := old.ExecContext(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		fx.Store = fx.Another(fx.Options())
		if err := add(fx.Store, fx, 1, "i1", notes("still here")...); err != nil {
			t.Fatal(err)
		}
		fx.addEffects("i1", ordinary)
		fx.MustRead(func(r *storage.Reader) error {
			inc, err := r.RawIncident("i1")
			if err == nil && (inc.Identity.Title != "Checkout is down" || inc.Head != 2) {
				t.Errorf("folded to %+v", inc)
			}
			return err
		})
		if inc := fx.opened("i2"); inc.Identity.Number != 2 {
			t.Errorf("the next incident has number %d", inc.Identity.Number)
		}
	})
}

// TestAStepThatWasReleasedLateIsTaken leaves a database as a program does that never knew
// one of the lower steps.
func TestAStepThatWasReleasedLateIsTaken(t *testing.T) {
	eachEmpty(t, func(t *testing.T, fx *Fixture) {
		db := fx.upTo(migrations.Latest)
		for _, s := range []string{`DROP TABLE clock`, `DELETE FROM goose_db_version WHERE version_id = 12`} {
			if _, err := db.ExecContext(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		fx.Store = fx.Another(fx.Options())
		if _, err := db.ExecContext(t.Context(), `SELECT count(*) FROM clock`); err != nil {
			t.Errorf("the step was not taken: %v", err)
		}
		fx.opened("i1")
	})
}

// TestAnOlderProgramGoesOnWhenTheTablesGrew has a newer program migrate under one that
// runs: it adds a table, and a column to each table that the older one writes.
func TestAnOlderProgramGoesOnWhenTheTablesGrew(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		db := fx.raw()
		defer func() { _ = db.Close() }()
		grow := []string{`CREATE TABLE newer (id TEXT PRIMARY KEY)`, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)`}
		for _, table := range []string{"incident", "event", "snapshot", "effect", "card", "due", "stream", "delivery", "person", "replica", "meta", "rate", "claim"} {
			grow = append(grow, `ALTER TABLE `+table+` ADD COLUMN newer TEXT NOT NULL DEFAULT 'x'`)
		}
		for _, s := range grow {
			if _, err := db.ExecContext(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		if err := add(fx.Store, fx, 1, "i1", notes("still here")...); err != nil {
			t.Fatal(err)
		}
		fx.opened("i2")
		fx.addEffects("i3", ordinary)
		st := fx.acquire("i3", "worker", true)
		fx.MustWrite(func(tx *storage.Tx) error {
			e, err := tx.RawEffects("i3")
			if err != nil || len(e) == 0 {
				return errors.Join(err, errors.New("no step"))
			}
			return errors.Join(tx.MarkSending(st, e[0].ID), tx.FinishEffect(st, e[0].ID, storage.EffectDone, "", ""),
				tx.Block("b", Start), tx.SetMeta("k", "v"))
		})
		if err := fx.Meet(t.Context(), storage.Replica{ID: "old", Version: "v1", StartedAt: Start}); err != nil {
			t.Error(err)
		}
		fx.MustRead(func(r *storage.Reader) error {
			inc, err := r.RawIncident("i1")
			if err == nil && inc.Head != 2 {
				t.Errorf("head %d", inc.Head)
			}
			return err
		})
	})
}

// TestManyOpenAtOnce opens a new database from several stores at the same
// moment; each holds its own connections and its own lock, as processes do.
func TestManyOpenAtOnce(t *testing.T) {
	eachEmpty(t, func(t *testing.T, fx *Fixture) {
		const stores = 5
		start, opened := make(chan struct{}), make(chan error, stores)
		for range stores {
			go func() {
				<-start
				s, err := storage.Open(t.Context(), fx.Options())
				if err == nil {
					err = errors.Join(s.Ping(t.Context()), s.Close(context.WithoutCancel(t.Context())))
				}
				opened <- err
			}()
		}
		close(start)
		for range stores {
			if err := <-opened; err != nil {
				t.Error(err)
			}
		}
		fx.Store = fx.Another(fx.Options())
		if inc := fx.opened("i1"); inc.Identity.Number != 1 {
			t.Errorf("number %d", inc.Identity.Number)
		}
	})
}

func TestBadAddressesSayWhatToWrite(t *testing.T) {
	dir := t.TempDir()
	for rawURL, want := range map[string]string{
		"":                                       "such as sqlite:rollcall.db",
		"mysql://localhost/x":                    "must begin with sqlite: or postgres:",
		"sqlite:":                                "write sqlite:rollcall.db",
		"sqlite::memory:":                        "would forget every incident",
		"sqlite:" + dir:                          "is a folder",
		"sqlite:" + dir + "/no/such/folder/x.db": "create the database file",
		"postgres://ana:hunter2@[bad":            "write postgres://user:password@host:5432/database",
		"postgres://ana:hunter2@127.0.0.1:1/none": "reach PostgreSQL at 127.0.0.1",
	} {
		fx := empty(t, rawURL)
		s, err := storage.Open(t.Context(), fx.Options())
		if err == nil {
			t.Errorf("%q was opened", rawURL)
			_ = s.Close(t.Context())
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", rawURL, err)
		}
	}
}

func TestOddPathsAndTightPermissions(t *testing.T) {
	for _, name := range []string{"plain.db", "with space?and#hash%20.db", "ünïcödé.db"} {
		path := filepath.Join(t.TempDir(), name)
		fx := empty(t, "sqlite:"+path)
		fx.Store = fx.Another(fx.Options())
		fx.MustWrite(func(tx *storage.Tx) error { return tx.SetMeta("k", name) })
		if got := fx.meta("k"); got != name {
			t.Errorf("%s: got %q", name, got)
		}
		for _, part := range []string{"", "-wal"} {
			info, err := os.Stat(path + part)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != 0o600 {
				t.Errorf("%s%s is readable by others: %v", name, part, info.Mode())
			}
		}
	}
}
