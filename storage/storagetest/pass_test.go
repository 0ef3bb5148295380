package storagetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// save stores a pass for an hour.
func (fx *Fixture) save(kind storage.PassKind, secret string, person incident.PersonID, id incident.ID) {
	fx.t.Helper()
	fx.MustWrite(func(tx *storage.Tx) error {
		_, err := tx.SavePass(storage.Pass{
			Key: storage.PassKey(secret), Kind: kind, Person: person, Incident: id, At: fx.Now.Time(), Expires: fx.Now.Time().Add(time.Hour),
		})
		return err
	})
}

// opens lists which of these secrets still let somebody in.
func (fx *Fixture) opens(kind storage.PassKind, secrets ...string) (good []string) {
	fx.t.Helper()
	fx.MustRead(func(r *storage.Reader) error {
		for _, secret := range secrets {
			_, err := r.Pass(kind, storage.PassKey(secret))
			switch {
			case err == nil:
				good = append(good, secret)
			case !storage.IsNotFound(err):
				return err
			}
		}
		return nil
	})
	return good
}

func TestAPassIsTakenOnceAndEnds(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.save(storage.LinkPass, "one", "ana", "i1")
		take := func(kind storage.PassKind, secret string) (p storage.Pass, err error) {
			err = fx.Write(t.Context(), func(tx *storage.Tx) error {
				p, err = tx.TakePass(kind, storage.PassKey(secret))
				return err
			})
			return p, err
		}
		for _, wrong := range []struct {
			kind   storage.PassKind
			secret string
		}{{storage.SessionPass, "one"}, {storage.LinkPass, "two"}, {storage.LinkPass, ""}} {
			if _, err := take(wrong.kind, wrong.secret); !storage.IsNotFound(err) {
				t.Errorf("%v: %v", wrong, err)
			}
		}
		p, err := take(storage.LinkPass, "one")
		want := storage.Pass{Key: storage.PassKey("one"), Kind: storage.LinkPass, Person: "ana", Incident: "i1", At: Start, Expires: Start.Add(time.Hour)}
		if err != nil || p != want {
			t.Fatalf("got %+v, %v; want %+v", p, err, want)
		}
		if _, err := take(storage.LinkPass, "one"); !storage.IsNotFound(err) {
			t.Errorf("a second time: %v", err)
		}
		fx.save(storage.LinkPass, "late", "ana", "i1")
		fx.Now.Move(time.Hour)
		if _, err := take(storage.LinkPass, "late"); !storage.IsNotFound(err) {
			t.Errorf("after its end: %v", err)
		}
		if got := fx.opens(storage.LinkPass, "late"); got != nil {
			t.Errorf("opens after its end: %v", got)
		}
		fx.Now.Move(time.Second)
		var n int64
		fx.MustWrite(func(tx *storage.Tx) (err error) { n, err = tx.ForgetPasses(fx.Now.Time()); return err })
		if n != 1 {
			t.Errorf("forgot %d", n)
		}
	})
}

func TestASecretIsNotInTheDatabase(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fresh := make([]bool, 2)
		for n := range fresh {
			fx.MustWrite(func(tx *storage.Tx) (err error) {
				fresh[n], err = tx.SavePass(storage.Pass{Key: storage.PassKey("secret"), Kind: storage.SpentPass, Expires: fx.Now.Time().Add(time.Hour)})
				return err
			})
		}
		if !fresh[0] || fresh[1] {
			t.Errorf("fresh: %v", fresh)
		}
		fx.MustRead(func(r *storage.Reader) error {
			p, err := r.Pass(storage.SpentPass, storage.PassKey("secret"))
			if len(p.Key) != 64 || p.Key == "secret" {
				t.Errorf("stored as %q", p.Key)
			}
			return err
		})
	})
}

func TestPassesAreRevoked(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.people()
		fx.save(storage.LinkPass, "link 1", "full", "i1")
		fx.save(storage.VisitPass, "visit 1", "member", "i1")
		fx.save(storage.VisitPass, "visit 2", "member", "i2")
		fx.save(storage.SessionPass, "session", "member", "")
		fx.save(storage.SessionPass, "other", "full", "")
		is := func(what string, want ...string) {
			t.Helper()
			var got []string
			for _, kind := range []storage.PassKind{storage.LinkPass, storage.VisitPass, storage.SessionPass} {
				got = append(got, fx.opens(kind, "link 1", "visit 1", "visit 2", "session", "other")...)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q is left, want %q", what, got, want)
			}
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.RevokePasses("i1") })
		is("the incident is over", "visit 2", "session", "other")
		fx.MustWrite(func(tx *storage.Tx) error { return tx.RevokePasses("") })
		is("of no incident", "visit 2", "session", "other")
		fx.MustWrite(func(tx *storage.Tx) error { return tx.DropPass(storage.SessionPass, storage.PassKey("other")) })
		is("signed out", "visit 2", "session")
		fx.MustWrite(func(tx *storage.Tx) error { return tx.ClearPerson("member") })
		is("the person is cleared")
	})
}

func TestOnlyTheNewestPassesAreKept(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		var all []string
		for n := range 4 {
			all = append(all, fmt.Sprint("link ", n))
			fx.save(storage.LinkPass, all[n], "ana", "i1")
			fx.Now.Move(time.Second)
		}
		fx.save(storage.LinkPass, "bea's", "bea", "i1")
		fx.MustWrite(func(tx *storage.Tx) error { return tx.KeepPasses(storage.LinkPass, "ana", "i1", 2) })
		if got := fx.opens(storage.LinkPass, append(all, "bea's")...); !slices.Equal(got, []string{"link 2", "link 3", "bea's"}) {
			t.Errorf("kept %q", got)
		}
	})
}
