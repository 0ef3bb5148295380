package storagetest

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/storage"
)

func TestAHooksProgramIsBegunOnce(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		begin := func(number int, owner string, at time.Time) (mine bool) {
			fx.MustWrite(func(tx *storage.Tx) (err error) {
				mine, err = tx.BeginHook("i1", number, owner, at)
				return err
			})
			return mine
		}
		see := func(number int) (h storage.HookRun, ok bool) {
			fx.MustRead(func(r *storage.Reader) (err error) {
				h, ok, err = r.RawHookRun("i1", number)
				return err
			})
			return h, ok
		}
		if _, ok := see(1); ok {
			t.Error("there is a run that nobody began")
		}
		if !begin(1, "a", Start) || begin(1, "b", Start.Add(time.Second)) || !begin(2, "b", Start) {
			t.Error("a run is not begun by exactly the first")
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.BeatHook("i1", 1, Start.Add(time.Minute)) })
		want := storage.HookRun{Incident: "i1", Number: 1, Owner: "a", Began: Start, Beat: Start.Add(time.Minute)}
		if h, ok := see(1); !ok || h != want {
			t.Errorf("the run is %+v", h)
		}
		want.Ended, want.Well, want.Reason, want.Output = Start.Add(2*time.Minute), true, "", "rolled\nback \u00fc"
		fx.MustWrite(func(tx *storage.Tx) error { return tx.EndHook(want) })
		fx.MustWrite(func(tx *storage.Tx) error { return tx.BeatHook("i1", 1, Start.Add(time.Hour)) })
		if h, ok := see(1); !ok || h != want {
			t.Errorf("the run is %+v", h)
		}
		begin(3, "a", Start.Add(8*24*time.Hour))
		if _, ok := see(1); ok {
			t.Error("what was printed is kept for ever")
		}
		if _, ok := see(2); !ok {
			t.Error("a run that did not end is forgotten")
		}
	})
}
