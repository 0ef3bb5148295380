package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

func TestDuesAreTakenOnce(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		in := func(d time.Duration) time.Time { return Start.Add(d) }
		set := func(id incident.ID, dues ...incident.Due) {
			fx.MustWrite(func(tx *storage.Tx) error { return tx.SetDues(id, dues) })
		}
		set("i1", incident.Due{Kind: "leader.ask", At: in(2 * time.Minute)}, incident.Due{Kind: "action.nudge", Key: "A1", At: in(time.Hour)})
		set("i2", incident.Due{Kind: "leader.ask", At: in(time.Minute)})
		set("i1", incident.Due{Kind: "leader.ask", At: in(3 * time.Minute)}, incident.Due{Kind: "action.nudge", Key: "A2", At: in(time.Second)},
			incident.Due{Kind: "update"})
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
		if want := []string{"i1 action.nudgeA2 1s", "i2 leader.ask 1m0s", "i1 leader.ask 3m0s"}; !slices.Equal(got, want) {
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
		if n, err := fx.ForgetAnswers(t.Context(), fx.Now.Time().Add(-storage.KeepAnswers)); n != 1 || err != nil {
			t.Errorf("forgot %d answers, %v", n, err)
		}
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
				tx.Heartbeat(storage.Replica{ID: "r1", Version: "v1", StartedAt: Start, Kinds: map[string]int{"noted": 1}}))
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
			return errors.Join(err, tx.Heartbeat(storage.Replica{ID: "r2", Version: "v2", StartedAt: Start}))
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

func TestARevisionIsKeptAsItWasWritten(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		by := []incident.Overlay{{Section: "fix", Base: "## Fix", Text: "## Fix\n\nby hand"}}
		fx.MustWrite(func(tx *storage.Tx) error {
			return errors.Join(
				tx.SaveRevision("i1", 1, storage.Revision{Body: "# one\n"}),
				tx.SaveRevision("i1", 1, storage.Revision{Body: "# another\n", Overlays: by}),
				tx.SaveRevision("i1", 2, storage.Revision{Body: "# two\n"}),
			)
		})
		fx.MustRead(func(r *storage.Reader) error {
			if v, err := r.RawRevision("i1", 1); err != nil || v.Body != "# one\n" || !slices.Equal(v.Overlays, by) {
				t.Errorf("revision 1 is %+v %v", v, err)
			}
			if v, err := r.RawRevision("i1", 2); err != nil || v.Body != "# two\n" || len(v.Overlays) != 0 {
				t.Errorf("revision 2 is %+v %v", v, err)
			}
			if _, err := r.RawRevision("i2", 1); !storage.IsNotFound(err) {
				t.Errorf("another incident's: %v", err)
			}
			return nil
		})
	})
}

func TestMomentsOfANewerProgramStay(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		db := fx.raw()
		defer func() { _ = db.Close() }()
		if _, err := db.ExecContext(t.Context(), `INSERT INTO due (incident, kind, key, at) VALUES ('i1', 'tea', '', 1)`); err != nil {
			t.Fatal(err)
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.SetDues("i1", []incident.Due{{Kind: "update", At: Start}}) })
		fx.MustWrite(func(tx *storage.Tx) error { return tx.SetDues("i1", nil) })
		fx.MustRead(func(r *storage.Reader) error {
			all, err := r.Dues("i1")
			if len(all) != 1 || all[0].Kind != "tea" {
				t.Errorf("left are %v", all)
			}
			return err
		})
	})
}
