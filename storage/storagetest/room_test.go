package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// room puts a room into the pool.
func (fx *Fixture) room(provider, host, url string) {
	fx.MustWrite(func(tx *storage.Tx) error {
		id, err := tx.BeginRoom(provider, host)
		if err != nil {
			return err
		}
		return tx.KeepRoom(id, "ext-"+url, url, fx.Now.Time().Add(24*time.Hour))
	})
	fx.Now.Move(time.Second)
}

// take hands a room to an incident; "" for none.
func (fx *Fixture) take(s *storage.Store, provider string, to incident.ID) (url string) {
	err := s.Write(fx.t.Context(), func(tx *storage.Tx) (err error) {
		url, _, err = tx.TakeRoom(provider, to)
		return err
	})
	if err != nil {
		fx.t.Error(err)
	}
	return url
}

func (fx *Fixture) rooms(provider string) (list []string) {
	fx.MustRead(func(r *storage.Reader) error {
		all, err := r.Rooms(provider)
		for _, m := range all {
			list = append(list, string(m.State)+" "+m.URL)
		}
		return err
	})
	return list
}

func TestARoomIsHandedOutOnce(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		for n := range 3 {
			fx.room("meet", "", fmt.Sprint("https://m/", n))
		}
		if got := fx.take(fx.Store, "meet", "i1"); got != "https://m/0" {
			t.Errorf("the oldest is %q", got)
		}
		if got := fx.take(fx.Store, "zoom", "i1"); got != "" {
			t.Errorf("another provider's %q", got)
		}
		if got := fx.rooms("meet"); !slices.Equal(got, []string{"ready https://m/1", "ready https://m/2"}) {
			t.Errorf("left are %q", got)
		}
		fx.take(fx.Store, "meet", "i2")
		fx.take(fx.Store, "meet", "i3")
		if got := fx.take(fx.Store, "meet", "i4"); got != "" {
			t.Errorf("the fourth of three: %q", got)
		}
	})
}

// TestTwoReplicasNeverHandOutTheSameRoom has two programs open incidents at once.
func TestTwoReplicasNeverHandOutTheSameRoom(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		const rooms, each = 20, 14
		for n := range rooms {
			fx.room("meet", "", fmt.Sprint("https://m/", n))
		}
		other := fx.Another(fx.Options())
		var mu sync.Mutex
		got := map[string]incident.ID{}
		var all sync.WaitGroup
		for n, s := range map[string]*storage.Store{"a": fx.Store, "b": other} {
			for k := range each {
				id := incident.ID(fmt.Sprint(n, k))
				all.Go(func() {
					url := fx.take(s, "meet", id)
					mu.Lock()
					defer mu.Unlock()
					if other, twice := got[url]; twice && url != "" {
						t.Errorf("%s went to %s and %s", url, other, id)
					}
					got[url] = id
				})
			}
		}
		all.Wait()
		delete(got, "")
		if len(got) != rooms {
			t.Errorf("%d of %d rooms were handed out", len(got), rooms)
		}
	})
}

// TestAHostRunsOneCallAtATime holds a host's second room back until the incident of
// the first is over.
func TestAHostRunsOneCallAtATime(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.room("zoom", "ana", "https://z/a1")
		fx.room("zoom", "ana", "https://z/a2")
		fx.room("zoom", "bob", "https://z/b1")
		fx.opened("i1")
		if got := fx.take(fx.Store, "zoom", "i1"); got != "https://z/a1" {
			t.Fatalf("got %q", got)
		}
		fx.room("zoom", "bob", "https://z/b2")
		fx.MustWrite(func(tx *storage.Tx) error { // i2 is not there yet
			first, _, err := tx.TakeRoom("zoom", "i2")
			second, more, again := tx.TakeRoom("zoom", "i2")
			if first != "https://z/b1" || more {
				t.Errorf("the next host's is %q, then %q", first, second)
			}
			return errors.Join(err, again)
		})
		fx.opened("i2")
		if got := fx.take(fx.Store, "zoom", "i3"); got != "" {
			t.Errorf("a host with a call running gave %q", got)
		}
		fx.MustRead(func(r *storage.Reader) error {
			busy, err := r.BusyHosts("zoom", []string{"ana", "bob", "cy"})
			if !slices.Equal(busy, []string{"ana", "bob"}) {
				t.Errorf("busy are %q", busy)
			}
			return err
		})
		fx.MustWrite(func(tx *storage.Tx) error {
			inc, err := tx.RawIncident("i1")
			if err != nil {
				return err
			}
			_, err = tx.Append(inc, incident.Stamp{At: Start, Command: "c"}, []incident.Event{incident.WasCancelled{Reason: "x"}})
			return err
		})
		if got := fx.take(fx.Store, "zoom", "i3"); got != "https://z/a2" {
			t.Errorf("when it is over: %q", got)
		}
	})
}

func TestARefusedOpeningGivesItsRoomBack(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.room("meet", "", "https://m/0")
		fx.MustWrite(func(tx *storage.Tx) error {
			url, _, err := tx.TakeRoom("meet", "i1")
			return errors.Join(err, tx.ReturnRoom(url, "i2"), tx.ReturnRoom(url, "i1"))
		})
		failed := errors.New("x")
		err := fx.Write(t.Context(), func(tx *storage.Tx) error {
			_, _, err := tx.TakeRoom("meet", "i1")
			return errors.Join(err, failed)
		})
		if !errors.Is(err, failed) {
			t.Error(err)
		}
		if got := fx.rooms("meet"); !slices.Equal(got, []string{"ready https://m/0"}) {
			t.Errorf("left are %q", got)
		}
	})
}

func TestRoomsRetire(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		var stuck, late string
		fx.MustWrite(func(tx *storage.Tx) (err error) {
			stuck, err = tx.BeginRoom("meet", "")
			return err
		})
		fx.room("meet", "", "https://m/0")
		fx.Now.Move(24 * time.Hour)
		if got := fx.take(fx.Store, "meet", "i1"); got != "" {
			t.Errorf("one that is too old was handed out: %q", got)
		}
		fx.MustWrite(func(tx *storage.Tx) (err error) {
			late, err = tx.BeginRoom("meet", "")
			if err != nil {
				return err
			}
			lost, err := tx.RetireRooms("meet", fx.Now.Time().Add(-time.Minute))
			if !slices.Equal(lost, []string{stuck}) {
				t.Errorf("lost are %q", lost)
			}
			return err
		})
		got := fx.rooms("meet")
		slices.Sort(got) // two were begun at the same moment
		if !slices.Equal(got, []string{"ending https://m/0", "lost ", "minting "}) {
			t.Errorf("rooms are %q", got)
		}
		// An answer that comes after all is taken; nothing comes for a row that is gone.
		fx.MustWrite(func(tx *storage.Tx) error {
			err := tx.KeepRoom(stuck, "x", "https://m/1", fx.Now.Time().Add(time.Hour))
			return errors.Join(err, tx.DropRoom(late))
		})
		err := fx.Write(t.Context(), func(tx *storage.Tx) error { return tx.KeepRoom(late, "x", "https://m/2", fx.Now.Time()) })
		if !storage.IsNotFound(err) {
			t.Errorf("a dropped one: %v", err)
		}
		if got := fx.take(fx.Store, "meet", "i1"); got != "https://m/1" {
			t.Errorf("got %q", got)
		}
	})
}

func TestAnIncidentWaitsOnceForARoom(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		for _, id := range []incident.ID{"i2", "i1", "i2"} {
			fx.MustWrite(func(tx *storage.Tx) error { return tx.WantRoom(id, "meet") })
			fx.Now.Move(time.Second)
		}
		wants := func() (list []string) {
			fx.MustRead(func(r *storage.Reader) error {
				all, err := r.RoomWants()
				for _, w := range all {
					list = append(list, string(w.Incident)+" "+w.Provider)
				}
				return err
			})
			return list
		}
		if got := wants(); !slices.Equal(got, []string{"i2 meet", "i1 meet"}) {
			t.Errorf("waiting are %q", got)
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.UnwantRoom("i2", "meet") })
		if got := wants(); !slices.Equal(got, []string{"i1 meet"}) {
			t.Errorf("waiting are %q", got)
		}
	})
}
