package storagetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// TestAnyLogFoldsToTheStateThatWasAnswered runs random commands, sometimes many
// in one batch, and compares the writer's state, a reader's, the fold of the log,
// and what a restarted program sees.
func TestAnyLogFoldsToTheStateThatWasAnswered(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		policy := &incident.Policy{DefaultSeverity: 2, Zone: time.UTC}
		facts := incident.Facts{Actor: incident.Person{ID: "ana", Full: true, Zone: time.UTC, InChannel: true}, Policy: policy}
		run := 0
		wanted := map[incident.ID]string{}
		rapid.Check(t, func(rt *rapid.T) {
			run++
			id := incident.ID(fmt.Sprint("random", run))
			fx.opened(id)
			steps := rapid.SliceOfN(rapid.IntRange(0, 5), 1, 30).Draw(rt, "steps")
			want := ""
			for n, kind := range steps {
				fx.Now.Move(time.Second)
				var c incident.Command
				switch kind {
				case 0, 1:
					c = incident.AddNote{Text: rapid.String().Draw(rt, "text")}
				case 2, 3:
					c = incident.AddTask{Text: "task " + rapid.String().Draw(rt, "text")}
				default:
					c = incident.Undo{}
				}
				err := fx.Write(t.Context(), func(tx *storage.Tx) error {
					inc, err := tx.RawIncident(id)
					if err != nil {
						return err
					}
					d, err := incident.Decide(inc, c, fx.stamp(n+1), facts)
					if err != nil {
						return err
					}
					if _, err := tx.Append(inc, fx.stamp(n+1), d.Events); err != nil {
						return err
					}
					b, err := inc.Snapshot()
					want = string(b)
					return err
				})
				var refusal *incident.Error
				if err != nil && !errors.As(err, &refusal) {
					rt.Fatalf("step %d: %v", n, err)
				}
				if err == nil && state(t, fx.Store, id) != want {
					rt.Fatalf("step %d: readers see\n%s\nwant\n%s", n, state(t, fx.Store, id), want)
				}
			}
			if want != "" {
				wanted[id] = want
			}
		})
		fx.Reopen()
		for id, want := range wanted {
			if got := state(t, fx.Store, id); got != want {
				t.Fatalf("after a restart\n%s\nwant\n%s", got, want)
			}
		}
	})
}

func TestTwoReplicasDoNotOverwriteEachOther(t *testing.T) {
	fx := Postgres(t)
	fx.opened("i1")
	other := fx.Another(fx.Options())
	const each = 40
	done := make(chan error, 2)
	for _, s := range []*storage.Store{fx.Store, other} {
		go func() {
			var failed error
			for n := range each {
				failed = errors.Join(failed, s.Write(t.Context(), func(tx *storage.Tx) error {
					inc, err := tx.RawIncident("i1")
					if err != nil {
						return err
					}
					_, err = tx.Append(inc, fx.stamp(n), []incident.Event{incident.TaskAdded{Number: inc.Trace.Counters.Tasks + 1, Text: "x"}})
					return err
				}))
			}
			done <- failed
		}()
	}
	if err := errors.Join(<-done, <-done); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*storage.Store{fx.Store, other} {
		if err := s.Read(t.Context(), func(r *storage.Reader) error {
			inc, err := r.RawIncident("i1")
			if err == nil && (inc.Head != 1+2*each || inc.Trace.Counters.Tasks != 2*each) {
				t.Errorf("head %d, %d tasks", inc.Head, inc.Trace.Counters.Tasks)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
}
