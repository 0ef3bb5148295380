package storagetest

import (
	"errors"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// What the writer remembers holds only while it is true, whoever made it untrue.
func TestWhatIsRememberedIsForgottenWhenItChanges(t *testing.T) {
	for name, other := range map[string]func(*Fixture) *storage.Store{
		"by us":               func(fx *Fixture) *storage.Store { return fx.Store },
		"by another Rollcall": func(fx *Fixture) *storage.Store { return fx.Another(fx.Options()) },
	} {
		t.Run(name, func(t *testing.T) {
			Each(t, func(t *testing.T, fx *Fixture) {
				second := other(fx)
				var ana, bob incident.PersonID
				fx.MustWrite(func(tx *storage.Tx) (err error) {
					if ana, err = tx.UpsertPerson(storage.Person{SlackID: "U1", Name: "Ana"}); err != nil {
						return err
					}
					bob, err = tx.UpsertPerson(storage.Person{SlackID: "U2", Guest: true})
					return err
				})
				fx.opened("i1")
				look := func() (got [5]bool) {
					fx.MustWrite(func(tx *storage.Tx) error {
						p, err := tx.Person(ana)
						q, err2 := tx.PersonBySlack("U1")
						full, err3 := tx.IsFull(ana)
						sees, err4 := tx.CanSee(bob, "i1")
						_, err5 := tx.VisibleByChannel(ana, "C1")
						if storage.IsNotFound(err5) {
							got[4], err5 = true, nil
						}
						got[0], got[1], got[2], got[3] = p.Name == "Ana", q.Name == "Ana", full, !sees
						return errors.Join(err, err2, err3, err4, err5)
					})
					return got
				}
				for range 2 {
					if got := look(); got != [5]bool{true, true, true, true, true} {
						t.Fatalf("at first: %v", got)
					}
				}
				change := func(fn func(*storage.Tx) error) {
					if err := second.Write(t.Context(), fn); err != nil {
						t.Fatal(err)
					}
				}
				change(func(tx *storage.Tx) error {
					_, err := tx.UpsertPerson(storage.Person{SlackID: "U1", Name: "Anna", Guest: true})
					return err
				})
				if got := look(); got != [5]bool{false, false, false, true, true} {
					t.Errorf("the person changed: %v", got)
				}
				change(func(tx *storage.Tx) error { return tx.AddMember("i1", bob, Start) })
				change(func(tx *storage.Tx) error { return tx.AddMember("i1", ana, Start) })
				change(func(tx *storage.Tx) error { return tx.BindChannel("C1", "i1") })
				if got := look(); got != [5]bool{} {
					t.Errorf("members and the channel came: %v", got)
				}
				change(func(tx *storage.Tx) error { return tx.RemoveMember("i1", bob) })
				if got := look(); got != [5]bool{3: true} {
					t.Errorf("a member left: %v", got)
				}
			})
		})
	}
}

func TestWhatWasRolledBackIsNotRemembered(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		failed := errors.New("no")
		for range 2 {
			err := fx.Write(t.Context(), func(tx *storage.Tx) error {
				if _, err := tx.UpsertPerson(storage.Person{SlackID: "U1"}); err != nil {
					return err
				}
				if _, err := tx.PersonBySlack("U1"); err != nil {
					return err
				}
				return failed
			})
			if !errors.Is(err, failed) {
				t.Fatal(err)
			}
		}
		fx.MustWrite(func(tx *storage.Tx) error {
			if _, err := tx.PersonBySlack("U1"); !storage.IsNotFound(err) {
				t.Errorf("somebody who never was: %v", err)
			}
			return nil
		})
	})
}

func TestTwoProgramsTakeTurnsOnOneIncident(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		second := fx.Another(fx.Options())
		fx.opened("i1")
		for n := range 6 {
			store := []*storage.Store{fx.Store, second}[n%2]
			err := store.Write(t.Context(), func(tx *storage.Tx) error {
				inc, err := tx.RawIncident("i1")
				if err != nil {
					return err
				}
				if want := int64(n); inc.Head < want {
					t.Errorf("turn %d: the incident is at %d", n, inc.Head)
				}
				_, err = tx.Append(inc, fx.stamp(n), []incident.Event{incident.Noted{Text: "x"}})
				return err
			})
			if err != nil {
				t.Fatalf("turn %d: %v", n, err)
			}
		}
	})
}

// What is forgotten piece by piece: a value of meta, and who was seen.
func TestWhatChangesOftenIsForgottenByItself(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		second := fx.Another(fx.Options())
		fx.opened("i1")
		look := func() (value string, times int) {
			fx.MustWrite(func(tx *storage.Tx) error {
				var err error
				if value, err = tx.Meta("word"); storage.IsNotFound(err) {
					value, err = "none", nil
				}
				seen, err2 := tx.RawSeen("i1")
				times = seen["p1"].Times
				return errors.Join(err, err2)
			})
			return value, times
		}
		expect := func(when, value string, times int) {
			t.Helper()
			for range 2 {
				if v, n := look(); v != value || n != times {
					t.Errorf("%s: %q and %d", when, v, n)
				}
			}
		}
		change := func(value string, fail error) func(*storage.Tx) error {
			return func(tx *storage.Tx) error {
				if err := errors.Join(tx.SetMeta("word", value), tx.Saw("i1", "p1", Start)); err != nil {
					return err
				}
				if got, err := tx.Meta("word"); err != nil || got != value {
					t.Errorf("inside the change to %s: %q, %v", value, got, err)
				}
				_, err := tx.RawSeen("i1")
				return errors.Join(err, fail)
			}
		}
		expect("at first", "none", 0)
		fx.MustWrite(change("one", nil))
		expect("by us", "one", 1)
		if err := second.Write(t.Context(), change("two", nil)); err != nil {
			t.Fatal(err)
		}
		expect("by another", "two", 2)
		failed := errors.New("no")
		if err := fx.Write(t.Context(), change("three", failed)); !errors.Is(err, failed) {
			t.Fatal(err)
		}
		expect("rolled back", "two", 2)
	})
}
