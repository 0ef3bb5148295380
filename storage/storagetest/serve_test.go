package storagetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

type idleArgs struct{}

func (idleArgs) Kind() string { return "idle" }

type idleWorker struct {
	river.WorkerDefaults[idleArgs]
}

func (idleWorker) Work(context.Context, *river.Job[idleArgs]) error { return nil }

// serve starts the job workers of a store, as a serving process does.
func serve(t *testing.T, s *storage.Store) (stop func()) {
	t.Helper()
	workers := river.NewWorkers()
	river.AddWorker(workers, idleWorker{})
	end, err := s.StartJobs(t.Context(), workers, map[string]int{river.QueueDefault: 1})
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		if err := end(ctx); err != nil {
			t.Error(err)
		}
	}
}

func TestWhatADeadProcessHeldIsFreeAtTheNextStart(t *testing.T) {
	fx := SQLite(t)
	fx.addEffects("i1", ordinary)
	stop := serve(t, fx.Store)
	old := fx.acquire("i1", "first process", true)
	fx.MustWrite(func(tx *storage.Tx) error {
		_, err := tx.TakeStreams(fx.Now.Time(), 10)
		return err
	})
	fx.MustWrite(func(tx *storage.Tx) error {
		_, err := tx.BeginHook("i1", 1, "first process", Start)
		return err
	})
	stop() // the system drops the lock of a process that is killed, too

	second := fx.Another(fx.Options())
	stopSecond := serve(t, second)
	defer stopSecond()
	if got := fx.toWake(); !slices.Equal(got, []incident.ID{"i1"}) {
		t.Errorf("to wake after the start: %v", got)
	}
	fx.acquire("i1", "second process", true)
	fx.MustRead(func(r *storage.Reader) error {
		h, ok, err := r.RawHookRun("i1", 1)
		if !ok || !h.Beat.IsZero() {
			t.Errorf("the dead process is believed to run %+v", h)
		}
		return err
	})
	err := fx.Write(t.Context(), func(tx *storage.Tx) error { return tx.Hold(old) })
	if storage.CodeOf(err) != storage.Fenced {
		t.Errorf("the old holder went on: %v", err)
	}

	third := fx.Another(fx.Options())
	stopThird := serve(t, third)
	defer stopThird()
	fx.acquire("i1", "third process", false)
}

// TestJobsOfADeadProcessRunAtTheNextStart leaves a job as a process does that is
// killed while it runs it, one that was put off, and that process as River's leader.
func TestJobsOfADeadProcessRunAtTheNextStart(t *testing.T) {
	fx := SQLite(t)
	fx.MustWrite(func(tx *storage.Tx) error {
		return errors.Join(tx.Enqueue(idleArgs{}, nil), tx.Enqueue(idleArgs{}, &river.InsertOpts{ScheduledAt: time.Now().Add(time.Minute)}))
	})
	conn := fx.raw()
	defer func() { _ = conn.Close() }()
	for _, query := range []string{
		`UPDATE river_job SET state = 'running', attempt = 25, attempted_at = CURRENT_TIMESTAMP WHERE state = 'available'`,
		`UPDATE river_job SET scheduled_at = datetime('now', '-1 second') WHERE state = 'scheduled'`,
		`INSERT INTO river_leader (elected_at, expires_at, leader_id, name) VALUES (CURRENT_TIMESTAMP, datetime('now', '+1 hour'), 'dead', 'default')`,
	} {
		if _, err := conn.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	defer serve(t, fx.Store)()
	late := time.NewTimer(20 * time.Second)
	defer late.Stop()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for left := 2; left > 0; {
		if err := conn.QueryRowContext(t.Context(), `SELECT count(*) FROM river_job WHERE state <> 'completed'`).Scan(&left); err != nil {
			t.Fatal(err)
		}
		select {
		case <-look.C:
		case <-late.C:
			t.Fatalf("%d jobs of the dead process were left alone", left)
		}
	}
	var attempt int // by which a worker knows that what it sends may be there already
	if err := conn.QueryRowContext(t.Context(), `SELECT max(attempt) FROM river_job`).Scan(&attempt); err != nil || attempt != 26 {
		t.Errorf("the job that the dead process ran is at attempt %d, and not at 26 (%v)", attempt, err)
	}
}
