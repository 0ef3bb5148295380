package storagetest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

func TestABackupIsRestored(t *testing.T) {
	fx := SQLite(t)
	fx.opened("i1")
	fx.addEffects("i1", ordinary)
	fx.MustWrite(func(tx *storage.Tx) error {
		return errors.Join(tx.TouchCards("i1", []incident.Card{incident.SummaryCard}), tx.Enqueue(look{"i1"}, nil))
	})
	fx.save(storage.SessionPass, "signed in before the backup", "ana", "")
	want := state(t, fx.Store, "i1")
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := fx.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(backup); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup is readable by others: %v %v", info, err)
	}
	if err := fx.Backup(t.Context(), backup); err == nil || !strings.Contains(err.Error(), "name a new file") {
		t.Errorf("an existing file was overwritten: %v", err)
	}
	fx.opened("i2") // after the backup
	if err := storage.Restore(t.Context(), fx.Options(), backup); err == nil || !strings.Contains(err.Error(), "stop Rollcall first") {
		t.Errorf("restored under a running program: %v", err)
	}
	if err := fx.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := storage.Restore(t.Context(), fx.Options(), backup); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(fx.file() + ".before-restore"); err != nil {
		t.Errorf("the former database is gone: %v", err)
	}
	fx.Store = fx.Another(fx.Options())
	if got := fx.opens(storage.SessionPass, "signed in before the backup"); got != nil {
		t.Error("who was signed in, and perhaps signed out since, is let in")
	}
	if got := state(t, fx.Store, "i1"); got != want {
		t.Errorf("restored\n%s\nwant\n%s", got, want)
	}
	fx.MustRead(func(r *storage.Reader) error {
		if _, err := r.RawBrief("i2"); !storage.IsNotFound(err) {
			t.Errorf("what came after the backup: %v", err)
		}
		e, err := r.RawEffects("i1")
		if len(e) == 0 || e[0].State != storage.EffectSending {
			t.Errorf("a step that may have been taken is %+v", e)
		}
		c, _, err2 := r.RawCard("i1", incident.SummaryCard)
		if c.Sent != storage.CardBegun {
			t.Errorf("a card that may have been posted is %+v", c)
		}
		epoch, err3 := r.Meta(storage.MetaEpoch)
		if epoch == "" {
			t.Error("no new epoch")
		}
		return errors.Join(err, err2, err3)
	})
	if left, _ := filepath.Glob(fx.file() + ".restoring*"); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestABadBackupReplacesNothing(t *testing.T) {
	fx := SQLite(t)
	fx.opened("i1")
	if err := fx.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	damaged := filepath.Join(dir, "text.db")
	if err := os.WriteFile(damaged, []byte(strings.Repeat("this is no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{filepath.Join(dir, "missing.db"), damaged} {
		if err := storage.Restore(t.Context(), fx.Options(), from); err == nil {
			t.Errorf("%s was restored", from)
		}
	}
	fx.Store = fx.Another(fx.Options())
	if state(t, fx.Store, "i1") == "" {
		t.Error("the database was replaced")
	}
}

func TestPostgresNamesItsOwnTools(t *testing.T) {
	fx := Postgres(t)
	if err := fx.Backup(t.Context(), filepath.Join(t.TempDir(), "x")); err == nil || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("backup: %v", err)
	}
	if err := storage.Restore(t.Context(), fx.Options(), "x"); err == nil || !strings.Contains(err.Error(), "pg_restore") {
		t.Errorf("restore: %v", err)
	}
}
