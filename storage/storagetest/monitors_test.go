package storagetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

func TestAnOccurrenceIsKept(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		o := storage.Occurrence{Ref: incident.AlarmRef{Source: "sentry", ID: "42"}, Alarm: "42@1", Began: Start}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.SaveOccurrence(o) })
		fx.Now.Move(time.Hour)
		o.Ended = Start.Add(time.Minute)
		fx.MustWrite(func(tx *storage.Tx) error {
			read, _, err := tx.Occurrence(o.Ref)
			if err != nil {
				return err
			}
			read.Ended = o.Ended
			return tx.SaveOccurrence(read)
		})
		fx.MustRead(func(r *storage.Reader) error {
			got, known, err := r.Occurrence(o.Ref)
			if want := o; !known || got.Alarm != want.Alarm || !got.Began.Equal(want.Began) || !got.Ended.Equal(want.Ended) || !got.Heard.Equal(Start.Add(time.Hour)) {
				t.Errorf("%v %+v", known, got)
			}
			if _, known, _ := r.Occurrence(incident.AlarmRef{Source: "grafana", ID: "42"}); known {
				t.Error("another source's id counts as the same")
			}
			return err
		})
		for before, want := range map[time.Time]int64{Start.Add(time.Hour): 0, Start.Add(2 * time.Hour): 1} {
			fx.MustWrite(func(tx *storage.Tx) error {
				n, err := tx.ForgetOccurrences(before)
				if n != want {
					t.Errorf("forgot %d", n)
				}
				return err
			})
		}
	})
}

func TestTwoReplicasDoNotBothBeginAnOccurrence(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		ref := incident.AlarmRef{Source: "sentry", ID: "42"}
		for _, began := range []string{"42@1", "42@2"} { // a new one, and one after it
			var stale storage.Occurrence
			fx.MustRead(func(r *storage.Reader) (err error) {
				stale, _, err = r.Occurrence(ref)
				return err
			})
			fx.MustWrite(func(tx *storage.Tx) error {
				o, _, err := tx.Occurrence(ref)
				if err != nil {
					return err
				}
				o.Alarm = began
				return tx.SaveOccurrence(o)
			})
			runs := 0
			err := fx.Write(t.Context(), func(tx *storage.Tx) error {
				if runs++; runs == 1 { // as if the look-up had come before the other's commit
					stale.Alarm = "another"
					return tx.SaveOccurrence(stale)
				}
				o, known, err := tx.Occurrence(ref)
				if !known || o.Alarm != began {
					t.Errorf("%v %+v", known, o)
				}
				return err
			})
			if err != nil || runs != 2 {
				t.Errorf("%v after %d runs", err, runs)
			}
		}
	})
}

func TestUnreadMessagesAreCapped(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		save := func(source, body string) (fresh bool) {
			fx.MustWrite(func(tx *storage.Tx) (err error) {
				fresh, err = tx.SaveUnread(source, "it is no JSON", []byte(body))
				return err
			})
			fx.Now.Move(time.Second)
			return fresh
		}
		if !save("grafana", "the first") || save("grafana", "the first") {
			t.Error("the same body counts as another")
		}
		for n := range storage.UnreadRows {
			save("grafana", fmt.Sprint("more ", n))
		}
		save("sentry", strings.Repeat("x", storage.UnreadBody+10)+"\x00\xff")
		fx.MustRead(func(r *storage.Reader) error {
			all, err := r.UnreadMessages()
			if len(all) != storage.UnreadRows+1 {
				t.Fatalf("%d are kept", len(all))
			}
			if u := all[0]; u.Source != "sentry" || len(u.Body) != storage.UnreadBody || u.Size != int64(storage.UnreadBody+12) || u.Times != 1 || u.Why == "" {
				t.Errorf("%s %d %d %d", u.Source, len(u.Body), u.Size, u.Times)
			}
			for _, u := range all {
				if u.Body == "the first" {
					t.Error("the oldest was not dropped")
				}
			}
			return err
		})
		fx.MustWrite(func(tx *storage.Tx) error {
			n, err := tx.ForgetUnread(fx.Now.Time())
			if n != storage.UnreadRows+1 {
				t.Errorf("forgot %d", n)
			}
			return err
		})
	})
}

func TestACheckIsTakenByOneOnly(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		next := Start.Add(time.Minute)
		fx.MustWrite(func(tx *storage.Tx) error {
			return errors.Join(tx.AddCheck("shop", Start), tx.AddCheck("shop", next), tx.AddCheck("old", Start), tx.DropCheck("old"))
		})
		took := make([]bool, 8)
		errs := fx.together(len(took), func(i int, tx *storage.Tx) (err error) {
			took[i], err = tx.TakeCheck("shop", Start, next)
			return err
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, one := range took {
			if one {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d took it", n)
		}
		want := storage.CheckState{Name: "shop", Next: next, Failures: 2, Since: Start, Last: next, Result: "answered 500", Alarm: "shop@1", Told: true}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.SaveCheck(want) })
		fx.MustRead(func(r *storage.Reader) error {
			all, err := r.CheckStates()
			one, err2 := r.CheckState("shop")
			if len(all) != 1 || all[0] != want || one != want {
				t.Errorf("got  %+v\nwant %+v", all, want)
			}
			if _, err := r.CheckState("old"); !storage.IsNotFound(err) {
				t.Errorf("an unknown check: %v", err)
			}
			return errors.Join(err, err2)
		})
	})
}
