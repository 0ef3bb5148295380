package storagetest

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/storage"
)

func TestATurnIsOneProcesss(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		take := func(now, until time.Time, want bool) {
			t.Helper()
			fx.MustWrite(func(tx *storage.Tx) error {
				taken, err := tx.TakeTurn("action/i1/A1", now, until)
				if taken != want {
					t.Errorf("at %s: taken %t", now, taken)
				}
				return err
			})
		}
		end := func(until time.Time) {
			t.Helper()
			fx.MustWrite(func(tx *storage.Tx) error { return tx.EndTurn("action/i1/A1", until) })
		}
		minute := func(n int) time.Time { return Start.Add(time.Duration(n) * time.Minute) }
		take(minute(0), minute(1), true)
		take(minute(0), minute(2), false)
		end(minute(1))
		take(minute(0), minute(2), true)
		take(minute(2), minute(5), true) // the holder is dead
		end(minute(2))                   // or was only slow: it is not theirs any more
		take(minute(3), minute(6), false)
		end(minute(5))
		fx.MustRead(func(r *storage.Reader) error {
			if _, err := r.Clock("action/i1/A1"); !storage.IsNotFound(err) {
				t.Errorf("something is left: %v", err)
			}
			return nil
		})
	})
}
