package storagetest

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"net/url"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// meet is what a program does at its start: it says that it is there, and looks
// whether the database is the one that it knew.
func meet(t *testing.T, s *storage.Store) {
	t.Helper()
	if err := s.Meet(t.Context(), storage.Replica{ID: "me", Version: "v1", StartedAt: Start}); err != nil {
		t.Fatal(err)
	}
}

// pending leaves a step and a card to be done, and a session open.
func (fx *Fixture) pending() {
	fx.t.Helper()
	fx.addEffects("i1", ordinary)
	fx.MustWrite(func(tx *storage.Tx) error { return tx.TouchCards("i1", []incident.Card{incident.SummaryCard}) })
	fx.save(storage.SessionPass, "signed in", "ana", "")
}

// begun says whether the store has begun a new epoch, with all that belongs to it.
func begun(t *testing.T, s *storage.Store) (yes bool) {
	t.Helper()
	err := s.Read(t.Context(), func(r *storage.Reader) error {
		_, err := r.Meta(storage.MetaRestoredAt)
		if yes = err == nil; err != nil && !storage.IsNotFound(err) {
			return err
		}
		e, err := r.RawEffects("i1")
		if err != nil || len(e) == 0 {
			return errors.Join(err, errors.New("no step is left"))
		}
		if looked := e[0].State == storage.EffectSending; looked != yes {
			t.Errorf("the step is %s", e[0].State)
		}
		c, _, err := r.RawCard("i1", incident.SummaryCard)
		if looked := c.Sent == storage.CardBegun; looked != yes {
			t.Errorf("the card is %+v", c)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return yes
}

// copyFile is cp.
func copyFile(t *testing.T, from, to string) {
	t.Helper()
	body, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, body, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFileCopiedByHandIsNoticed(t *testing.T) {
	fx := SQLite(t)
	meet(t, fx.Store)
	fx.pending()
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := fx.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	for range 3 { // starts and heartbeats of the same file are nothing
		meet(t, fx.Store)
		fx.Reopen()
		meet(t, fx.Store)
	}
	if begun(t, fx.Store) {
		t.Fatal("a restart was taken for a restore")
	}
	if err := fx.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	elsewhere := filepath.Join(t.TempDir(), "rollcall.db") // such as what Litestream wrote, on a new machine
	copyFile(t, backup, elsewhere)
	opts := fx.Options()
	opts.URL = "sqlite:" + elsewhere
	other := fx.Another(opts)
	meet(t, other)
	if !begun(t, other) {
		t.Error("a copy in another place was not noticed")
	}

	for _, suffix := range []string{"-wal", "-shm"} {
		_ = os.Remove(fx.file() + suffix)
	}
	copyFile(t, backup, fx.file())
	fx.Store = fx.Another(fx.Options())
	defer serve(t, fx.Store)() // whoever starts to work looks, too
	if !begun(t, fx.Store) {
		t.Error("a copy in the same place was not noticed")
	}
	if fx.opens(storage.SessionPass, "signed in") != nil {
		t.Error("who was signed in, and perhaps signed out since, is let in")
	}
	var before string
	fx.MustRead(func(r *storage.Reader) (err error) {
		before, err = r.Meta(storage.MetaEpoch)
		return err
	})
	meet(t, fx.Store)
	if got := fx.meta(storage.MetaEpoch); got != before {
		t.Error("it was noticed twice")
	}
}

// TestTheFirstMarkSurvivesACrash dies between the commit and the file.
func TestTheFirstMarkSurvivesACrash(t *testing.T) {
	fx := SQLite(t)
	meet(t, fx.Store)
	fx.pending()
	for _, left := range []string{"0\n", ""} { // as it was made before the commit; torn by a power cut
		if err := os.WriteFile(fx.file()+".mark", []byte(left), 0o600); err != nil {
			t.Fatal(err)
		}
		fx.Reopen()
		meet(t, fx.Store)
		if begun(t, fx.Store) {
			t.Errorf("a crash was taken for a restore, with %q left", left)
		}
	}
}

func TestARestoreOfPostgresIsNoticed(t *testing.T) {
	fx := Postgres(t)
	meet(t, fx.Store)
	fx.pending()
	meet(t, fx.Store)
	fx.Reopen()
	meet(t, fx.Store)
	if begun(t, fx.Store) {
		t.Fatal("a restart was taken for a restore")
	}
	dump := filepath.Join(t.TempDir(), "rollcall.dump")
	tool(t, "pg_dump", "--format=custom", "--file="+dump, fx.URL)
	if err := fx.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	tool(t, "pg_restore", "--clean", "--if-exists", "--dbname="+fx.URL, dump)
	fx.Store = fx.Another(fx.Options())
	meet(t, fx.Store)
	if !begun(t, fx.Store) {
		t.Error("the same database, made anew by pg_restore --clean, was not noticed")
	}

	fresh := PostgresURL(t)
	tool(t, "pg_restore", "--dbname="+fresh, dump)
	opts := fx.Options()
	opts.URL = fresh
	other := fx.Another(opts)
	meet(t, other)
	if !begun(t, other) {
		t.Error("a new database filled by pg_restore was not noticed")
	}
}

// TestAServerThatWasSetBackIsNoticed changes the timeline that the mark names, as a
// recovery to an earlier moment does, and the promotion of a standby.
func TestAServerThatWasSetBackIsNoticed(t *testing.T) {
	for quiet, want := range map[time.Duration]bool{20 * time.Second: false, 10 * time.Minute: true} {
		fx := Postgres(t)
		meet(t, fx.Store)
		fx.pending()
		mark := fx.meta("mark")
		place, _, ok := strings.Cut(mark, "@")
		if !ok {
			t.Fatalf("the mark is %q", mark)
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.SetMeta("mark", place+"@0") })
		fx.Wall.Move(quiet)
		meet(t, fx.Store)
		if got := begun(t, fx.Store); got != want {
			t.Errorf("another timeline %s after the last sign of life is a restore: %v", quiet, got)
		}
	}
}

// TestAServerThatKeepsItsIdentityToItselfIsServed connects as a rented database's user
// may have to: without the right to ask for the cluster and its timeline.
func TestAServerThatKeepsItsIdentityToItselfIsServed(t *testing.T) {
	fx := Postgres(t)
	meet(t, fx.Store)
	fx.pending()
	before := fx.meta("mark")
	const role = "rollcall_tenant" // of the whole server, so it may be there from another run
	password := rand.Text()
	db, err := sql.Open("pgx", fx.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, query := range []string{
		`REVOKE EXECUTE ON FUNCTION pg_control_system(), pg_control_checkpoint() FROM PUBLIC`,
		`DO $$ BEGIN CREATE ROLE ` + role + ` LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
		`ALTER ROLE ` + role + ` PASSWORD '` + password + `'`,
		`GRANT ALL ON SCHEMA public TO ` + role,
		`GRANT ALL ON ALL TABLES IN SCHEMA public TO ` + role,
		`GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ` + role,
	} {
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	as, err := url.Parse(fx.URL)
	if err != nil {
		t.Fatal(err)
	}
	as.User = url.UserPassword(role, password)
	opts := fx.Options()
	opts.URL = as.String()
	tenant := fx.Another(opts)
	meet(t, tenant)
	meet(t, tenant)
	if begun(t, tenant) {
		t.Error("a server that says less was taken for another one")
	}
	if mark := fx.meta("mark"); mark == before || !strings.HasPrefix(mark, ".") {
		t.Errorf("the mark is %q, it was %q", mark, before)
	}
}

// tool runs one of PostgreSQL's own programs.
func tool(t *testing.T, name string, args ...string) {
	t.Helper()
	path, err := osexec.LookPath(name)
	if err != nil { // Debian keeps them off the PATH
		all, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
		if len(all) == 0 {
			if os.Getenv("ROLLCALL_TEST_NO_SKIP") == "1" {
				t.Fatalf("%s is not there, and ROLLCALL_TEST_NO_SKIP=1 forbids to go on without", name)
			}
			t.Skipf("%s skipped: install PostgreSQL's own programs to include it", name)
		}
		path = all[len(all)-1]
	}
	if out, err := osexec.CommandContext(t.Context(), path, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}
