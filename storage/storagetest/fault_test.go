package storagetest

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/storage"
)

// file is the path of a fixture's SQLite file.
func (fx *Fixture) file() string { return strings.TrimPrefix(fx.URL, "sqlite:") }

// raw opens the fixture's database past the store, as another program does.
func (fx *Fixture) raw() *sql.Conn {
	fx.t.Helper()
	driver, name := "pgx", fx.URL
	if strings.HasPrefix(fx.URL, "sqlite:") {
		driver, name = "sqlite3", "file:"+fx.file()
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		fx.t.Fatal(err)
	}
	conn, err := db.Conn(fx.t.Context())
	if err != nil {
		fx.t.Fatal(err)
	}
	fx.t.Cleanup(func() { _ = db.Close() })
	return conn
}

// lock keeps others from writing until it is called.
func (fx *Fixture) lock() (unlock func()) {
	fx.t.Helper()
	conn := fx.raw()
	statements := []string{"BEGIN", "LOCK TABLE meta IN ACCESS EXCLUSIVE MODE"}
	if strings.HasPrefix(fx.URL, "sqlite:") {
		statements = []string{"BEGIN IMMEDIATE"}
	}
	for _, s := range statements {
		if _, err := conn.ExecContext(fx.t.Context(), s); err != nil {
			fx.t.Fatal(err)
		}
	}
	return func() {
		if _, err := conn.ExecContext(fx.t.Context(), "ROLLBACK"); err != nil {
			fx.t.Error(err)
		}
		_ = conn.Close()
	}
}

// TestALockedDatabaseIsSaidInTimeAndHeals keeps the database locked for longer
// than the deadline. Several callers wait, and none longer than three seconds.
func TestALockedDatabaseIsSaidInTimeAndHeals(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		unlock := fx.lock()
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				began := time.Now()
				err := fx.Ping(t.Context())
				if took := time.Since(began); took > 3*time.Second {
					t.Errorf("the answer took %s", took)
				}
				if code := storage.CodeOf(err); code != storage.Locked && code != storage.Unavailable {
					t.Errorf("got %v", err)
				}
			})
		}
		all.Wait()
		unlock()
		if err := fx.Ping(t.Context()); err != nil {
			t.Errorf("after the lock was gone: %v", err)
		}
	})
}

func TestAWriteThatTookTooLongIsNeverStored(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		opts := fx.Options()
		opts.Deadline = 300 * time.Millisecond
		s := fx.Another(opts)
		entered, leave, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			done <- s.Write(t.Context(), func(tx *storage.Tx) error {
				close(entered)
				<-leave
				return tx.SetMeta("k", "too late")
			})
		}()
		<-entered
		ran := false
		err := s.Write(t.Context(), func(*storage.Tx) error {
			ran = true
			return nil
		})
		if storage.CodeOf(err) != storage.Unavailable {
			t.Errorf("the one that waited: %v", err)
		}
		if err := <-done; storage.CodeOf(err) != storage.Unavailable {
			t.Errorf("the one that had begun: %v", err)
		}
		close(leave)
		if !eventually(t, Patience, func() bool { return s.Ping(t.Context()) == nil }) { // a busy machine takes longer than this deadline
			t.Error("afterwards nothing can be written")
		}
		if ran {
			t.Error("a write that was answered as not saved has run")
		}
		if got := fx.meta("k"); got != "" {
			t.Errorf("a write that was answered as not saved is stored: %q", got)
		}
	})
}

func TestAnEndedContextIsNotBegunButABrokenOneIsFinished(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		ctx, cancel := context.WithCancel(t.Context())
		if err := fx.Write(ctx, func(tx *storage.Tx) error {
			cancel() // the person's connection breaks
			return tx.SetMeta("k", "v")
		}); err != nil {
			t.Errorf("a write was lost with its caller's connection: %v", err)
		}
		if got := fx.meta("k"); got != "v" {
			t.Errorf("got %q", got)
		}
		if err := fx.Write(ctx, func(*storage.Tx) error { return errors.New("ran") }); storage.CodeOf(err) != storage.Unavailable {
			t.Errorf("got %v", err)
		}
	})
}

func TestAServerThatHangsUpIsForgiven(t *testing.T) {
	fx := Postgres(t)
	hangUp := func() {
		conn := fx.raw()
		defer func() { _ = conn.Close() }()
		if _, err := conn.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
			t.Fatal(err)
		}
	}
	if err := fx.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	// In the middle of a transaction: it fails, and is known not to be stored.
	err := fx.Write(t.Context(), func(tx *storage.Tx) error {
		if err := tx.SetMeta("k", "v"); err != nil {
			return err
		}
		hangUp()
		return tx.SetMeta("k2", "v")
	})
	if storage.CodeOf(err) != storage.Unavailable {
		t.Errorf("got %v", err)
	}
	if err := fx.Ping(t.Context()); err != nil {
		t.Errorf("the next write: %v", err)
	}
	if fx.meta("k") != "" {
		t.Error("half a write is stored")
	}
}
