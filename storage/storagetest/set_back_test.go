package storagetest

import (
	"errors"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/storage"
)

func TestAClockThatIsSetBackHoldsUpNothing(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.addEffects("i1", ordinary)
		st := fx.acquire("i1", "w1", true)
		e, _ := fx.nextEffect("i1")
		fx.MustWrite(func(tx *storage.Tx) error {
			return errors.Join(tx.MarkSending(st, e.ID), tx.DelayEffect(st, e.ID, fx.Now.Time().Add(time.Minute), "later"))
		})
		if fx.release(st, time.Time{}) {
			t.Error("there was nothing to do for a minute")
		}
		if _, ok := fx.nextEffect("i1"); ok || len(fx.toWake()) != 0 {
			t.Error("it did not wait")
		}
		fx.Now.Move(-3 * time.Hour)
		if _, ok := fx.nextEffect("i1"); !ok || len(fx.toWake()) != 1 {
			t.Error("it waits for hours")
		}
		if st = fx.acquire("i1", "w2", true); !fx.release(st, time.Time{}) {
			t.Error("it was given back undone")
		}
	})
}
