package storagetest

import (
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

func TestWhoFollowsAService(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		follow := func(service string, who incident.PersonID, after time.Duration) {
			fx.MustWrite(func(tx *storage.Tx) error { return tx.Follow(service, who, Start.Add(after)) })
		}
		is := func(service string, want ...incident.PersonID) {
			t.Helper()
			fx.MustRead(func(r *storage.Reader) error {
				got, err := r.Followers(service)
				if !slices.Equal(got, want) {
					t.Errorf("%s is followed by %v and not by %v", service, got, want)
				}
				return err
			})
		}
		follow("cart", "bob", time.Minute)
		follow("cart", "ana", time.Hour)
		follow("cart", "bob", 2*time.Hour)
		follow("search", "ana", time.Minute)
		is("cart", "bob", "ana")
		fx.MustWrite(func(tx *storage.Tx) error { return tx.Unfollow("cart", "bob") })
		fx.MustWrite(func(tx *storage.Tx) error { return tx.Unfollow("cart", "cleo") })
		is("cart", "ana")
		is("search", "ana")
		is("db")
	})
}
