package storagetest

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/rollcall-bot/rollcall/storage"
)

// meta reads a value, "" when there is none.
func (fx *Fixture) meta(key string) string {
	fx.t.Helper()
	var value string
	fx.MustRead(func(r *storage.Reader) error {
		v, err := r.Meta(key)
		if storage.IsNotFound(err) {
			return nil
		}
		value = v
		return err
	})
	return value
}

// together makes n writes wait behind a first one, so that they form one batch.
// It returns their errors.
func (fx *Fixture) together(n int, fn func(i int, tx *storage.Tx) error) []error {
	fx.t.Helper()
	errs := make([]error, n)
	entered, leave := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		if err := fx.Write(fx.t.Context(), func(*storage.Tx) error {
			close(entered)
			<-leave
			return nil
		}); err != nil {
			fx.t.Errorf("the first write: %v", err)
		}
	})
	<-entered
	for i := range n {
		all.Go(func() {
			errs[i] = fx.Write(fx.t.Context(), func(tx *storage.Tx) error { return fn(i, tx) })
		})
	}
	for fx.Stats().Waiting < int64(n) {
		runtime.Gosched() // until every write has queued
	}
	close(leave)
	all.Wait()
	return errs
}

func TestWriteIsReadBack(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.MustWrite(func(tx *storage.Tx) error { return tx.SetMeta("colour", "blue\x00\xff") })
		if got := fx.meta("colour"); got != "blue\uFFFD" {
			t.Errorf("got %q", got)
		}
		fx.Reopen()
		if got := fx.meta("colour"); got != "blue\uFFFD" {
			t.Errorf("after a restart: got %q", got)
		}
	})
}

func TestManyWritesShareACommit(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		before := fx.Stats()
		errs := fx.together(40, func(i int, tx *storage.Tx) error { return tx.SetMeta(fmt.Sprint("k", i), "v") })
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		after := fx.Stats()
		if got := after.Commits - before.Commits; got != 2 {
			t.Errorf("41 writes took %d commits, want 2", got)
		}
		if got := after.Writes - before.Writes; got != 41 {
			t.Errorf("counted %d writes, want 41", got)
		}
		for i := range errs {
			if fx.meta(fmt.Sprint("k", i)) != "v" {
				t.Errorf("write %d is missing", i)
			}
		}
	})
}

func TestAFailingWriteHarmsNoNeighbour(t *testing.T) {
	boom := errors.New("boom")
	Each(t, func(t *testing.T, fx *Fixture) {
		errs := fx.together(9, func(i int, tx *storage.Tx) error {
			if err := tx.SetMeta(fmt.Sprint("k", i), "v"); err != nil {
				return err
			}
			switch i % 3 {
			case 1:
				return boom
			case 2:
				panic("slipped")
			}
			return nil
		})
		for i, err := range errs {
			stored := fx.meta(fmt.Sprint("k", i)) == "v"
			switch i % 3 {
			case 0:
				if err != nil || !stored {
					t.Errorf("write %d: %v, stored %v", i, err, stored)
				}
			case 1:
				if !errors.Is(err, boom) || stored {
					t.Errorf("write %d: %v, stored %v", i, err, stored)
				}
			case 2:
				if storage.CodeOf(err) != storage.Internal || !strings.Contains(err.Error(), "slipped") || stored {
					t.Errorf("write %d: %v, stored %v", i, err, stored)
				}
			}
		}
		if got := fx.Stats().Replays; got != 0 {
			t.Errorf("%d replays, want none: a savepoint is enough", got)
		}
	})
}

func TestABatchSeesItsEarlierWrites(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		errs := fx.together(20, func(_ int, tx *storage.Tx) error {
			_, err := tx.NextNumber()
			return err
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		fx.MustWrite(func(tx *storage.Tx) error {
			n, err := tx.NextNumber()
			if n != 21 {
				t.Errorf("number %d, want 21", n)
			}
			return err
		})
	})
}

func TestASwallowedFailureStillFails(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		err := fx.Write(t.Context(), func(tx *storage.Tx) error {
			if err := tx.SetMeta("k", "v"); err != nil {
				return err
			}
			_, _ = tx.UpsertPerson(storage.Person{})
			return nil
		})
		if storage.CodeOf(err) != storage.Internal {
			t.Errorf("got %v", err)
		}
		if got := fx.meta("k"); got != "" {
			t.Errorf("half of a failed write is stored: %q", got)
		}
	})
}

func TestReadersCannotWriteAndNeverWait(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.MustWrite(func(tx *storage.Tx) error { return tx.SetMeta("k", "old") })
		fx.MustWrite(func(tx *storage.Tx) error {
			if err := tx.SetMeta("k", "new"); err != nil {
				return err
			}
			if got := fx.meta("k"); got != "old" {
				t.Errorf("a reader saw %q before the commit", got)
			}
			return nil
		})
		if got := fx.meta("k"); got != "new" {
			t.Errorf("got %q after the commit", got)
		}
	})
}

// TestCloseWaitsForWhoeverReads has somebody read while the store is closed: what they
// look at stays open until they are done, and nobody comes in after them.
func TestCloseWaitsForWhoeverReads(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		inside, leave, read, closed := make(chan struct{}), make(chan struct{}), make(chan error, 1), make(chan error, 1)
		go func() {
			read <- fx.Read(t.Context(), func(r *storage.Reader) error {
				close(inside)
				<-leave
				_, err := r.RawIncident("i1")
				return err
			})
		}()
		<-inside
		go func() { closed <- fx.Close(t.Context()) }()
		refused := func() bool { return fx.Read(t.Context(), func(*storage.Reader) error { return nil }) != nil }
		if !eventually(t, Patience, refused) {
			t.Error("somebody comes in while it is being closed")
		}
		select {
		case err := <-closed:
			t.Errorf("closed under a reader: %v", err)
		default:
		}
		close(leave)
		if err := <-read; err != nil {
			t.Errorf("the reader was cut off: %v", err)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
}

func TestAClosedStoreSaysSo(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		if err := fx.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := fx.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := fx.Ping(t.Context()); storage.CodeOf(err) != storage.Unavailable {
			t.Errorf("write: %v", err)
		}
		if err := fx.Read(t.Context(), func(*storage.Reader) error { return nil }); storage.CodeOf(err) != storage.Unavailable {
			t.Errorf("read: %v", err)
		}
	})
}
