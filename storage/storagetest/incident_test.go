package storagetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// stamp is a command of Ana's, the n-th.
func (fx *Fixture) stamp(n int) incident.Stamp {
	return incident.Stamp{At: fx.Now.Time(), Actor: "ana", Command: incident.CommandID(fmt.Sprint("c", n)), Surface: "slash"}
}

// opened opens an incident.
func (fx *Fixture) opened(id incident.ID, change ...func(*incident.Opened)) *incident.Incident {
	fx.t.Helper()
	inc := incident.New(id)
	fx.MustWrite(func(tx *storage.Tx) error {
		inc = incident.New(id) // the function may run again
		n, err := tx.NextNumber()
		if err != nil {
			return err
		}
		e := incident.Opened{Number: n, Title: "Checkout is down", Severity: 2, ChannelName: "inc-checkout-is-down"}
		for _, c := range change {
			c(&e)
		}
		_, err = tx.Append(inc, fx.stamp(0), []incident.Event{e})
		return err
	})
	return inc
}

// add appends events to an incident.
func add(s *storage.Store, fx *Fixture, n int, id incident.ID, events ...incident.Event) error {
	return s.Write(fx.t.Context(), func(tx *storage.Tx) error {
		inc, err := tx.RawIncident(id)
		if err != nil {
			return err
		}
		_, err = tx.Append(inc, fx.stamp(n), events)
		return err
	})
}

// state is an incident as the store folds it for readers.
func state(t testing.TB, s *storage.Store, id incident.ID) string {
	t.Helper()
	var text string
	err := s.Read(t.Context(), func(r *storage.Reader) error {
		inc, err := r.RawIncident(id)
		if err != nil {
			return err
		}
		b, err := inc.Snapshot()
		text = string(b)
		return err
	})
	if err != nil {
		t.Fatalf("read %s: %v", id, err)
	}
	return text
}

func TestAppendIsFoldedAndProjected(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		fx.Now.Move(time.Minute + 1500*time.Nanosecond)
		told := fx.Now.Time().Add(-20 * time.Second)
		if err := add(fx.Store, fx, 1, "i1", incident.TaskAdded{Number: 1, Text: "look", Owner: "bo"}, incident.Noted{Text: "note\x00", At: told}); err != nil {
			t.Fatal(err)
		}
		fx.MustRead(func(r *storage.Reader) error {
			b, err := r.RawBrief("i1")
			if err != nil {
				return err
			}
			want := storage.Brief{
				ID: "i1", Number: 1, Title: "Checkout is down", Status: incident.Open, Severity: 2,
				OpenedAt: Start, UpdatedAt: fx.Now.Time().Truncate(time.Microsecond),
			}
			if b != want {
				t.Errorf("brief\n got %+v\nwant %+v", b, want)
			}
			log, err := r.RawRecords("i1", 2)
			if err != nil {
				return err
			}
			if len(log) != 2 || log[0].Seq != 2 || log[1].Seq != 3 {
				t.Fatalf("log %+v", log)
			}
			if log[1].Event.(incident.Noted).Text != "note\x00" || !log[1].Occurred.Equal(told.Truncate(time.Microsecond)) ||
				log[1].Actor != "ana" || log[1].Command != "c1" || log[1].Surface != "slash" {
				t.Errorf("record %+v", log[1])
			}
			inc, err := r.RawIncident("i1")
			if err == nil && (inc.Head != 3 || len(inc.Board.Tasks) != 1) {
				t.Errorf("folded to %+v", inc)
			}
			return err
		})
	})
}

func TestARefusedAppendLeavesNothing(t *testing.T) {
	boom := errors.New("boom")
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		before := state(t, fx.Store, "i1")
		errs := fx.together(3, func(i int, tx *storage.Tx) error {
			inc, err := tx.RawIncident("i1")
			if err != nil {
				return err
			}
			if _, err := tx.Append(inc, fx.stamp(i), []incident.Event{incident.TaskAdded{Number: inc.Trace.Counters.Tasks + 1, Text: "x"}}); err != nil {
				return err
			}
			if i < 3 && inc.Head == 3 {
				return boom // the second one to run
			}
			return nil
		})
		failed := 0
		for _, err := range errs {
			if errors.Is(err, boom) {
				failed++
			} else if err != nil {
				t.Fatal(err)
			}
		}
		// The second saw task 1, added task 2 and failed; the third saw the same and failed too.
		if failed != 2 {
			t.Errorf("%d failed, want 2", failed)
		}
		fx.MustWrite(func(tx *storage.Tx) error {
			inc, err := tx.RawIncident("i1")
			if err == nil && (inc.Head != 2 || len(inc.Board.Tasks) != 1) {
				t.Errorf("the writer folded to head %d with %d tasks", inc.Head, len(inc.Board.Tasks))
			}
			return err
		})
		if state(t, fx.Store, "i1") == before {
			t.Error("the first task is missing")
		}
	})
}

func TestAnIncidentThatFailedToOpenIsUnknown(t *testing.T) {
	boom := errors.New("boom")
	Each(t, func(t *testing.T, fx *Fixture) {
		err := fx.Write(t.Context(), func(tx *storage.Tx) error {
			n, err := tx.NextNumber()
			if err != nil {
				return err
			}
			if _, err := tx.Append(incident.New("i1"), fx.stamp(0), []incident.Event{incident.Opened{Number: n}}); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if err := add(fx.Store, fx, 1, "i1", incident.Noted{Text: "x"}); !storage.IsNotFound(err) {
			t.Errorf("got %v", err)
		}
		if inc := fx.opened("i2"); inc.Identity.Number != 1 {
			t.Errorf("number %d, want the one that was given back", inc.Identity.Number)
		}
	})
}

func TestUndoFoldsTheWholeLogAgain(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		want := ""
		for n := 1; n <= 3; n++ {
			if err := add(fx.Store, fx, n, "i1", incident.TaskAdded{Number: n, Text: fmt.Sprint("task ", n)}); err != nil {
				t.Fatal(err)
			}
		}
		fx.MustWrite(func(tx *storage.Tx) error {
			inc, err := tx.RawIncident("i1")
			if err != nil {
				return err
			}
			_, err = tx.Append(inc, fx.stamp(4), []incident.Event{incident.Undone{Command: "c2", Seq: 3, Touched: []string{"task:T2"}}})
			if err != nil {
				return err
			}
			if len(inc.Board.Tasks) != 2 || inc.Board.Tasks[1].Number != 3 || inc.Head != 5 {
				t.Errorf("the caller's incident is %+v", inc)
			}
			again, err := tx.RawIncident("i1")
			if again != inc {
				t.Error("the writer holds another incident than the caller")
			}
			b, _ := inc.Snapshot()
			want = string(b)
			return err
		})
		if got := state(t, fx.Store, "i1"); got != want {
			t.Errorf("readers see\n%s\nwant\n%s", got, want)
		}
		if err := add(fx.Store, fx, 5, "i1", incident.TaskAdded{Number: 4, Text: "task 4"}); err != nil {
			t.Fatal(err)
		}
		before := state(t, fx.Store, "i1")
		fx.Reopen()
		if got := state(t, fx.Store, "i1"); got != before {
			t.Errorf("after a restart\n%s\nwant\n%s", got, before)
		}
	})
}

func TestALongLogIsFoldedFromASnapshot(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		for n := range 5 {
			events := make([]incident.Event, 100)
			for i := range events {
				events[i] = incident.TaskAdded{Number: n*100 + i + 1, Text: "x"}
			}
			if err := add(fx.Store, fx, n, "i1", events...); err != nil {
				t.Fatal(err)
			}
		}
		before := state(t, fx.Store, "i1")
		fx.Reopen()
		if got := state(t, fx.Store, "i1"); got != before {
			t.Error("the snapshot folds to another state")
		}
		if err := add(fx.Store, fx, 9, "i1", incident.Noted{Text: "x"}); err != nil {
			t.Fatal(err)
		}
		fx.MustRead(func(r *storage.Reader) error {
			inc, err := r.RawIncident("i1")
			if err == nil && (inc.Head != 502 || len(inc.Board.Tasks) != 500) {
				t.Errorf("head %d, %d tasks", inc.Head, len(inc.Board.Tasks))
			}
			return err
		})
	})
}
