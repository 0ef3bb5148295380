package storagetest

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/storage"
)

func TestAClockRingsForOneProcess(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.MustRead(func(r *storage.Reader) error {
			if _, err := r.Clock("digest"); !storage.IsNotFound(err) {
				t.Errorf("a clock that was never set: %v", err)
			}
			return nil
		})
		monday, next := Start.Add(time.Hour), Start.Add(8*24*time.Hour)
		for range 2 {
			fx.MustWrite(func(tx *storage.Tx) error { return tx.AddClock("digest", monday) })
			monday = Start.Add(time.Hour)
		}
		for n, want := range []bool{true, false} {
			fx.MustWrite(func(tx *storage.Tx) error {
				moved, err := tx.MoveClock("digest", monday, next)
				if moved != want {
					t.Errorf("process %d: moved %t", n, moved)
				}
				return err
			})
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.AddClock("digest", monday) })
		fx.MustRead(func(r *storage.Reader) error {
			at, err := r.Clock("digest")
			if !at.Equal(next) {
				t.Errorf("it rings at %s", at)
			}
			return err
		})
	})
}
