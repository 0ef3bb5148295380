package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/engine"
	"github.com/rollcall-bot/rollcall/storage/migrations"
)

// TestAnOlderProgramStartsWhereItCanGoOn has a newer program take steps that this one does
// not know, and starts this one on what they left: it serves as long as each of them lets programs
// like it go on, and else says what to do.
func TestAnOlderProgramStartsWhereItCanGoOn(t *testing.T) {
	latest := migrations.Latest
	cases := []struct {
		name   string
		said   map[int64]int64 // which step lets programs from which step on go on
		silent int64           // a step that says nothing; 0 for none
		opens  bool
	}{
		{name: "steps that only add", said: map[int64]int64{90: 0, 91: 0}, opens: true},
		{name: "one that programs like it go on with", said: map[int64]int64{90: latest}, opens: true},
		{name: "one that far older ones go on with", said: map[int64]int64{90: 1}, opens: true},
		{name: "one that shuts all older ones out", said: map[int64]int64{90: 90}},
		{name: "one of several shuts it out", said: map[int64]int64{90: 0, 91: 90, 92: 0}},
		{name: "one that says nothing", said: map[int64]int64{90: 0}, silent: 91},
		{name: "a late one, with a lower number", said: map[int64]int64{11: 0}, opens: true},
		{name: "a late one that says nothing", silent: 11},
	}
	eachEmpty(t, func(t *testing.T, fx *Fixture) {
		db := fx.upTo(latest)
		does := func(query string, values ...any) {
			if _, err := db.ExecContext(t.Context(), fmt.Sprintf(query, values...)); err != nil {
				t.Fatal(err)
			}
		}
		for n, c := range cases {
			for step, oldest := range c.said {
				does(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, true)`, step)
				does(`INSERT INTO schema_step (step, oldest) VALUES (%d, %d)`, step, oldest)
			}
			if c.silent > 0 {
				does(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, true)`, c.silent)
			}
			var log bytes.Buffer
			opts := fx.Options()
			opts.Log = slog.New(slog.NewTextHandler(&log, nil))
			s, err := storage.Open(t.Context(), opts)
			if warned := strings.Contains(log.String(), "level=WARN msg=\"a newer Rollcall has changed this database"); warned != c.opens {
				t.Errorf("%s: an operator reads %q", c.name, log.String())
			}
			switch {
			case !c.opens:
				if !errors.Is(err, engine.ErrNewer) || !strings.Contains(err.Error(), "install that version again") {
					t.Errorf("%s: got %v", c.name, err)
				}
			case err != nil:
				t.Errorf("%s: %v", c.name, err)
			default:
				fx.Store = s
				id := incident.ID(fmt.Sprint("i", n))
				fx.opened(id)
				if err := add(s, fx, 1, id, notes("still here")...); err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
			}
			if s != nil {
				if err := s.Close(t.Context()); err != nil {
					t.Error(err)
				}
			}
			does(`DELETE FROM goose_db_version WHERE version_id > %d OR version_id = 11`, latest)
			does(`DELETE FROM schema_step WHERE step > %d OR step = 11`, latest)
		}
	})
}

// TestAnOlderProgramTakesNoSnapshotOfANewerOne has a newer program write something that an older one cannot
// read, and enough behind it for a snapshot. The older one, started afterwards, still finds that there
// is something, and the newer one finds its state as it was.
func TestAnOlderProgramTakesNoSnapshotOfANewerOne(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		if err := add(fx.Store, fx, 1, "i1", incident.DecisionMade{Entry: 2, Text: "roll back"}); err != nil {
			t.Fatal(err)
		}
		if err := add(fx.Store, fx, 2, "i1", notes(strings.Split(strings.Repeat("x", 250), "")...)...); err != nil {
			t.Fatal(err)
		}
		before := state(t, fx.Store, "i1")
		opts := fx.Options()
		opts.Kinds = maps.Clone(incident.Kinds())
		delete(opts.Kinds, incident.DecisionMade{}.Kind())
		older := fx.Another(opts)
		if err := older.Read(t.Context(), func(r *storage.Reader) error {
			inc, err := r.RawIncident("i1")
			if err == nil && (inc.Trace.Unreadable != "decision.made" || inc.Identity.Title == "") {
				t.Errorf("it reads %q and believes to know all of it (%q)", inc.Identity.Title, inc.Trace.Unreadable)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		// What it can decide on leaves a snapshot of its own, which the newer one does not take.
		fx.opened("i2")
		if err := add(older, fx, 3, "i2", notes(strings.Split(strings.Repeat("x", 250), "")...)...); err != nil {
			t.Fatal(err)
		}
		if err := add(older, fx, 4, "i1", incident.Undone{Command: "nothing"}); err != nil { // has it folded anew, and a snapshot written
			t.Fatal(err)
		}
		fx.Reopen()
		if after := state(t, fx.Store, "i1"); !strings.Contains(after, "roll back") || !strings.Contains(before, "roll back") {
			t.Errorf("the newer one folds\n%s\nbefore it was\n%s", after, before)
		}
	})
}

// TestAJobThatAnOlderProgramDidNotKnowIsTakenUp has a program take jobs whose kind it does not know, until it is
// tried again in hours only, or given up. A newer one takes them up as it starts; a job that failed by itself it leaves.
func TestAJobThatAnOlderProgramDidNotKnowIsTakenUp(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.MustWrite(func(tx *storage.Tx) error {
			return errors.Join(tx.Enqueue(look{"i1"}, nil), tx.Enqueue(look{"i2"}, &river.InsertOpts{MaxAttempts: 1}), tx.Enqueue(look{"i3"}, nil))
		})
		stop := serve(t, fx.Store) // which knows no looks
		conn := fx.raw()
		defer func() { _ = conn.Close() }()
		count := func(where string) (n int) {
			if err := conn.QueryRowContext(t.Context(), `SELECT count(*) FROM river_job WHERE kind = 'look' AND `+where).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if !eventually(t, Patience, func() bool { return count(`state = 'discarded'`) == 1 && count(`errors IS NOT NULL`) == 3 }) {
			t.Fatal("the older program did not try the jobs")
		}
		stop()
		later, text := `now() + interval '1 hour'`, `errors[1] = jsonb_set(errors[1], '{error}', '"Slack is down"')`
		if strings.HasPrefix(fx.URL, "sqlite:") {
			later, text = `datetime('now', '+1 hour')`, `errors = jsonb('[{"at":"2026-03-28T14:05:00Z","attempt":1,"error":"Slack is down","trace":""}]')`
		}
		for _, q := range []string{
			`UPDATE river_job SET state = 'retryable', scheduled_at = ` + later + ` WHERE kind = 'look' AND state <> 'discarded'`,
			`UPDATE river_job SET ` + text + ` WHERE id = (SELECT max(id) FROM river_job WHERE kind = 'look')`,
		} {
			if _, err := conn.ExecContext(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		seen := fx.work("look")
		if got := []string{next(t, seen), next(t, seen)}; !slices.Contains(got, "i1") || !slices.Contains(got, "i2") {
			t.Errorf("taken up: %v", got)
		}
		if !eventually(t, Patience, func() bool { return count(`state = 'completed'`) == 2 }) || count(`state = 'retryable'`) != 1 {
			t.Error("what failed by itself does not wait for its time")
		}
	})
}

// TestADeadReplicaHoldsNothingBack has an older program die that a newer one minds: as soon as it is known
// to be dead, what it could not read may be written.
func TestADeadReplicaHoldsNothingBack(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		if err := fx.Meet(t.Context(), storage.Replica{ID: "killed", Version: "v1", StartedAt: Start, Kinds: map[string]int{"noted": 1}}); err != nil {
			t.Fatal(err)
		}
		var stopDead func()
		if !strings.HasPrefix(fx.URL, "sqlite:") {
			dead, its := fx.behind("killed")
			workers := river.NewWorkers()
			river.AddWorker(workers, idleWorker{})
			stop, err := dead.StartJobs(t.Context(), workers, map[string]int{river.QueueDefault: 1})
			if err != nil {
				t.Fatal(err)
			}
			stopDead = func() { its.kill(); closeDead(t, dead, stop) }
		}
		opts := fx.Options()
		opts.Process, opts.Beat = "new", 40*time.Millisecond
		newer := fx.Another(opts)
		if err := newer.Meet(t.Context(), storage.Replica{ID: newer.Process(), Version: "v2", StartedAt: Start, Kinds: map[string]int{"noted": 2}}); err != nil {
			t.Fatal(err)
		}
		if newer.Readable("noted", 2) {
			t.Fatal("it does not mind the older one")
		}
		defer serve(t, newer)() // on SQLite that says that nobody else is alive
		if stopDead != nil {
			if newer.Readable("noted", 2) {
				t.Error("the older one lives, and is not minded")
			}
			stopDead()
		}
		if !eventually(t, Patience, func() bool { return newer.Readable("noted", 2) }) {
			t.Error("one that is dead is minded")
		}
		fx.MustRead(func(r *storage.Reader) error {
			all, err := r.Replicas(Start.Add(-time.Hour))
			if len(all) != 1 || all[0].ID != "new" {
				t.Errorf("believed to run: %v", all)
			}
			return err
		})
	})
}
