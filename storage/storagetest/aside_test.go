package storagetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

func TestAStepThatIsSetAsideHoldsNobodyUp(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.addEffects("i1", ordinary, ordinary)
		st := fx.acquire("i1", "w", true)
		first, _ := fx.nextEffect("i1")
		fx.MustWrite(func(tx *storage.Tx) error {
			return errors.Join(tx.MarkSending(st, first.ID), tx.SetEffectAside(st, first.ID, fx.Now.Time().Add(time.Minute), "result", "reason"))
		})
		second, ok := fx.nextEffect("i1")
		if !ok || second.ID == first.ID {
			t.Fatalf("next is %+v", second)
		}
		fx.finish(st, second)
		fx.MustRead(func(r *storage.Reader) error {
			e, err := r.RawEffect(first.ID)
			if e.Lane != incident.Apart || e.State != storage.EffectSending || e.Result != "result" || e.LastError != "reason" {
				t.Errorf("set aside it is %+v", e)
			}
			return err
		})
		if fx.release(st, time.Time{}) {
			t.Error("there is something to do at once")
		}
		fx.Now.Move(time.Minute)
		if got := fx.toWake(); !slices.Equal(got, []incident.ID{"i1"}) {
			t.Errorf("to wake when its time has come: %v", got)
		}
	})
}

// TestWhatIsPostedWhileTheWorkIsGivenBackIsNotPutOff has a worker put off what it saw,
// while something new comes in that need not wait.
func TestWhatIsPostedWhileTheWorkIsGivenBackIsNotPutOff(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.addEffects("i1", ordinary)
		st := fx.acquire("i1", "w", true)
		fx.MustRead(func(r *storage.Reader) (err error) {
			st.Seen, err = r.Posted("i1")
			return err
		})
		fx.addEffects("i1", ordinary)
		later := fx.Now.Time().Add(time.Minute)
		if !fx.release(st, later) {
			t.Fatal("what came in was put off unseen")
		}
		fx.MustRead(func(r *storage.Reader) (err error) {
			st.Seen, err = r.Posted("i1")
			return err
		})
		if fx.release(st, later) {
			t.Error("what was seen is not put off")
		}
		if got := fx.toWake(); len(got) != 0 {
			t.Errorf("to wake: %v", got)
		}
	})
}
