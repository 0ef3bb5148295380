package storagetest

import (
	"maps"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

func TestWhoWasSeenLast(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		saw := func(id incident.ID, who incident.PersonID, after time.Duration) {
			fx.MustWrite(func(tx *storage.Tx) error { return tx.Saw(id, who, Start.Add(after)) })
		}
		saw("i1", "ana", time.Minute)
		saw("i1", "ana", 3*time.Minute)
		saw("i1", "ana", 2*time.Minute)
		saw("i1", "bob", time.Minute)
		saw("i2", "ana", time.Hour)
		want := map[incident.PersonID]incident.Presence{
			"ana": {Last: Start.Add(3 * time.Minute), Times: 3}, "bob": {Last: Start.Add(time.Minute), Times: 1},
		}
		fx.MustRead(func(r *storage.Reader) error {
			got, err := r.RawSeen("i1")
			if !maps.Equal(got, want) {
				t.Errorf("seen %v and not %v", got, want)
			}
			none, err2 := r.RawSeen("i3")
			if len(none) != 0 || err2 != nil {
				t.Errorf("seen %v where nobody was: %v", none, err2)
			}
			return err
		})
	})
}
