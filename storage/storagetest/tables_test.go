package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// TestNoWindowHoldsMoreThanTheRate asks for slots at random times and checks
// every window: at most Burst within less than an interval, one more for each
// interval.
func TestNoWindowHoldsMoreThanTheRate(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			rate := storage.Rate{
				Bucket:   fmt.Sprint("bucket", run),
				Interval: time.Duration(rapid.IntRange(1, 2000).Draw(rt, "interval")) * time.Millisecond,
				Burst:    rapid.IntRange(1, 5).Draw(rt, "burst"),
			}
			steps := rapid.SliceOfN(rapid.IntRange(0, 3000), 1, 40).Draw(rt, "steps")
			var granted []time.Time
			fault := "" // rapid must not be told from the writer's goroutine
			fx.MustWrite(func(tx *storage.Tx) error {
				granted = granted[:0]
				for _, ms := range steps {
					fx.Now.Move(time.Duration(ms) * time.Millisecond)
					wait, err := tx.Reserve(rate)
					if err != nil {
						return err
					}
					if wait == 0 {
						granted = append(granted, fx.Now.Time())
						continue
					}
					if wait > rate.Interval {
						fault = fmt.Sprintf("told to wait %s, although a slot comes every %s", wait, rate.Interval)
					}
					// A refusal costs nothing, and its wait is enough.
					fx.Now.Move(wait)
					if wait, err = tx.Reserve(rate); wait != 0 || err != nil {
						fault = fmt.Sprintf("still %s to wait after waiting: %v", wait, err)
					}
					granted = append(granted, fx.Now.Time())
				}
				return nil
			})
			if fault != "" {
				rt.Fatal(fault)
			}
			for i := range granted {
				for k := 0; i+rate.Burst+k < len(granted); k++ {
					if window := granted[i+rate.Burst+k].Sub(granted[i]); window < time.Duration(k+1)*rate.Interval {
						rt.Fatalf("%d slots within %s at one per %s, burst %d", rate.Burst+k+1, window, rate.Interval, rate.Burst)
					}
				}
			}
		})
	})
}

func TestReserveTakesAllOrNone(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		slow := storage.Rate{Bucket: "slow", Interval: time.Minute, Burst: 1}
		fast := storage.Rate{Bucket: "fast", Interval: time.Second, Burst: 2}
		reserve := func(rates ...storage.Rate) (wait time.Duration) {
			fx.MustWrite(func(tx *storage.Tx) (err error) {
				wait, err = tx.Reserve(rates...)
				return err
			})
			return wait
		}
		if got := reserve(slow, fast); got != 0 {
			t.Errorf("the first has to wait %s", got)
		}
		for range 3 {
			if got := reserve(fast, slow); got != time.Minute {
				t.Errorf("wait %s, want a minute", got)
			}
		}
		if got := reserve(fast); got != 0 {
			t.Errorf("what was refused together has used up a slot: wait %s", got)
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.Block("slow", fx.Now.Time().Add(time.Hour)) })
		fx.MustWrite(func(tx *storage.Tx) error { return tx.Block("slow", fx.Now.Time().Add(time.Minute)) })
		if got := reserve(slow); got != time.Hour {
			t.Errorf("wait %s, want the hour it was blocked for", got)
		}
		fx.Reopen()
		fx.Now.Move(time.Hour)
		if got := reserve(slow); got != 0 {
			t.Errorf("still blocked after an hour: %s", got)
		}
		fx.Now.Move(-24 * time.Hour) // the machine's clock was wrong
		if got := reserve(fast); got > 2*fast.Interval {
			t.Errorf("a clock set back blocks for %s", got)
		}
	})
}

func TestDuesAreTakenOnce(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		in := func(d time.Duration) time.Time { return Start.Add(d) }
		set := func(id incident.ID, dues ...incident.Due) {
			fx.MustWrite(func(tx *storage.Tx) error { return tx.SetDues(id, dues) })
		}
		set("i1", incident.Due{Kind: "leader", At: in(2 * time.Minute)}, incident.Due{Kind: "action", Key: "A1", At: in(time.Hour)})
		set("i2", incident.Due{Kind: "leader", At: in(time.Minute)})
		set("i1", incident.Due{Kind: "leader", At: in(3 * time.Minute)}, incident.Due{Kind: "action", Key: "A2", At: in(time.Second)},
			incident.Due{Kind: "never"})
		fx.MustRead(func(r *storage.Reader) error {
			at, ok, err := r.NextDue()
			if !ok || !at.Equal(in(time.Second)) {
				t.Errorf("next due %v %v", at, ok)
			}
			return err
		})
		var got []string
		take := func(now time.Time, limit int) {
			fx.MustWrite(func(tx *storage.Tx) error {
				dues, err := tx.TakeDues(now, limit)
				for _, d := range dues {
					got = append(got, fmt.Sprint(d.Incident, " ", d.Due.Kind, d.Due.Key, " ", d.Due.At.Sub(Start)))
				}
				return err
			})
		}
		take(in(time.Second), 10)
		take(in(24*time.Hour), 1)
		take(in(24*time.Hour), 10)
		take(in(24*time.Hour), 10)
		if want := []string{"i1 actionA2 1s", "i2 leader 1m0s", "i1 leader 3m0s"}; !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		fx.MustRead(func(r *storage.Reader) error {
			_, ok, err := r.NextDue()
			if ok {
				t.Error("something is still due")
			}
			return err
		})
	})
}

func TestADeliveryIsAnsweredOnce(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		ran := make([]bool, 10)
		answers := make([]string, 10)
		errs := fx.together(10, func(i int, tx *storage.Tx) error {
			d, seen, err := tx.Delivery("slack.command", "trigger-1")
			if err != nil {
				return err
			}
			if seen {
				answers[i] = d.Answer
				return nil
			}
			ran[i] = true
			answers[i] = "first"
			return tx.SaveDelivery(storage.Delivery{Source: "slack.command", ID: "trigger-1", Incident: "i1", FirstSeq: 3, Actor: "ana", Answer: "first", ReplyTo: "https://example.test/reply", At: fx.Now.Time()})
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		n := 0
		for i := range ran {
			if ran[i] {
				n++
			}
			if answers[i] != "first" {
				t.Errorf("delivery %d was answered %q", i, answers[i])
			}
		}
		if n != 1 {
			t.Errorf("the command ran %d times", n)
		}
		fx.Now.Move(storage.KeepAnswers + time.Second)
		fx.MustWrite(func(tx *storage.Tx) error {
			n, err := tx.ForgetAnswers(fx.Now.Time().Add(-storage.KeepAnswers))
			if n != 1 {
				t.Errorf("forgot %d answers", n)
			}
			return err
		})
		fx.MustRead(func(r *storage.Reader) error {
			d, seen, err := r.Delivery("slack.command", "trigger-1")
			if !seen || d.Answer != "" || d.ReplyTo != "" || d.Incident != "i1" || d.FirstSeq != 3 || d.Actor != "ana" || !d.At.Equal(Start) {
				t.Errorf("a year later: %+v", d)
			}
			if _, seen, err := r.Delivery("pagerduty", "trigger-1"); seen || err != nil {
				t.Error("another sender's id counts as the same")
			}
			return err
		})
	})
}

func TestAStoredDeliveryRunsTheFunctionAgain(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		d := storage.Delivery{Source: "s", ID: "1", Answer: "first", At: Start}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.SaveDelivery(d) })
		runs := 0
		err := fx.Write(t.Context(), func(tx *storage.Tx) error {
			runs++
			if runs == 1 { // as if the look-up had come before another replica's commit
				return tx.SaveDelivery(d)
			}
			_, seen, err := tx.Delivery("s", "1")
			if !seen {
				t.Error("not seen")
			}
			return err
		})
		if err != nil || runs != 2 {
			t.Errorf("%v after %d runs", err, runs)
		}
	})
}

func TestAPersonKeepsTheirID(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		upsert := func(p storage.Person) (id incident.PersonID) {
			fx.MustWrite(func(tx *storage.Tx) (err error) {
				id, err = tx.UpsertPerson(p)
				return err
			})
			return id
		}
		first := upsert(storage.Person{SlackID: "U1"})
		p := storage.Person{ID: "other", SlackID: "U1", TeamID: "T1", Name: "Ana", RealName: "Ana B", Email: "ana@example.test", Zone: "Europe/Lisbon", Guest: true, Bot: true, FetchedAt: Start}
		if got := upsert(p); got != first || first == "" {
			t.Errorf("id %q, then %q", first, got)
		}
		p.ID = first
		fx.MustRead(func(r *storage.Reader) error {
			got, err := r.PersonBySlack("U1")
			if got != p {
				t.Errorf("got  %+v\nwant %+v", got, p)
			}
			people, err2 := r.People([]incident.PersonID{first, "unknown", incident.System, first})
			if len(people) != 1 || people[first] != p {
				t.Errorf("people %+v", people)
			}
			return errors.Join(err, err2)
		})
		fx.MustWrite(func(tx *storage.Tx) error { return tx.ClearPerson(first) })
		fx.MustRead(func(r *storage.Reader) error {
			got, err := r.Person(first)
			if got.Name != "" || got.Email != "" || got.RealName != "" || got.SlackID == "U1" || !got.Deleted {
				t.Errorf("cleared to %+v", got)
			}
			return err
		})
		if got := upsert(storage.Person{SlackID: "U1"}); got == first {
			t.Error("a cleared person came back under the old id")
		}
	})
}

func TestAKeyIsClaimedOnce(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		owners := make([]incident.ID, 8)
		fresh := 0
		errs := fx.together(len(owners), func(i int, tx *storage.Tx) error {
			owner, isFresh, err := tx.Claim("alarm", "PD-1", incident.ID(fmt.Sprint("i", i)))
			if isFresh {
				fresh++
			}
			owners[i] = owner
			return err
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		for _, o := range owners {
			if o != owners[0] || o == "" {
				t.Errorf("owners %v", owners)
			}
		}
		if fresh != 1 {
			t.Errorf("%d fresh claims", fresh)
		}
		fx.MustWrite(func(tx *storage.Tx) error {
			if err := tx.Unclaim("alarm", "PD-1", "somebody else"); err != nil {
				return err
			}
			if _, isFresh, err := tx.Claim("alarm", "PD-1", "new"); isFresh || err != nil {
				t.Errorf("a stranger gave the key back: %v", err)
			}
			if err := tx.Unclaim("alarm", "PD-1", owners[0]); err != nil {
				return err
			}
			owner, isFresh, err := tx.Claim("alarm", "PD-1", "new")
			if owner != "new" || !isFresh {
				t.Errorf("owner %q, fresh %v", owner, isFresh)
			}
			return err
		})
	})
}

func TestSmallTables(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		var offer string
		fx.MustWrite(func(tx *storage.Tx) (err error) {
			offer, err = tx.SaveOffer(storage.Offer{Incident: "i1", Line: "task add", At: Start})
			return errors.Join(err, tx.RaiseNumber(41), tx.RaiseNumber(7), tx.BindChannel("C1", "i1"), tx.BindChannel("C1", "i1"),
				tx.Heartbeat("r1", "v1", Start))
		})
		if err := fx.Write(t.Context(), func(tx *storage.Tx) error { return tx.BindChannel("C1", "i2") }); storage.CodeOf(err) != storage.Conflict {
			t.Errorf("a channel changed its incident: %v", err)
		}
		fx.Wall.Move(time.Minute)
		fx.MustWrite(func(tx *storage.Tx) error {
			n, err := tx.NextNumber()
			if n != 42 {
				t.Errorf("number %d after 41", n)
			}
			return errors.Join(err, tx.Heartbeat("r2", "v2", Start))
		})
		fx.MustRead(func(r *storage.Reader) error {
			o, err := r.Offer(offer)
			if o.Line != "task add" || o.Incident != "i1" || !o.At.Equal(Start) {
				t.Errorf("offer %+v", o)
			}
			if _, err := r.Offer("none"); !storage.IsNotFound(err) {
				t.Errorf("an unknown offer: %v", err)
			}
			alive, err2 := r.Replicas(Start.Add(time.Second))
			if len(alive) != 1 || alive[0].ID != "r2" || alive[0].Version != "v2" {
				t.Errorf("alive: %+v", alive)
			}
			return errors.Join(err, err2)
		})
	})
}
