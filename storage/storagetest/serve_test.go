package storagetest

import (
	"context"
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
	stop() // the system drops the lock of a process that is killed, too

	second := fx.Another(fx.Options())
	stopSecond := serve(t, second)
	defer stopSecond()
	if got := fx.toWake(); !slices.Equal(got, []incident.ID{"i1"}) {
		t.Errorf("to wake after the start: %v", got)
	}
	fx.acquire("i1", "second process", true)
	err := fx.Write(t.Context(), func(tx *storage.Tx) error { return tx.Hold(old) })
	if storage.CodeOf(err) != storage.Fenced {
		t.Errorf("the old holder went on: %v", err)
	}

	third := fx.Another(fx.Options())
	stopThird := serve(t, third)
	defer stopThird()
	fx.acquire("i1", "third process", false)
}
