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

var (
	urgent   = incident.Effect{Kind: incident.CreateChannel}
	ordinary = incident.Effect{Kind: incident.Post}
)

func (fx *Fixture) addEffects(id incident.ID, effects ...incident.Effect) {
	fx.t.Helper()
	fx.MustWrite(func(tx *storage.Tx) error { return tx.AddEffects(id, effects) })
}

// acquire takes a stream, or fails the test when that is not as wanted.
func (fx *Fixture) acquire(id incident.ID, holder string, want bool) (st storage.Stream) {
	fx.t.Helper()
	fx.MustWrite(func(tx *storage.Tx) (err error) {
		var ok bool
		st, ok, err = tx.AcquireStream(id, holder, 0)
		if err == nil && ok != want {
			fx.t.Errorf("%s took the stream: %v, want %v", holder, ok, want)
		}
		return err
	})
	return st
}

// nextEffect is the step to take next; what waits holds up its lane.
func (fx *Fixture) nextEffect(id incident.ID) (e storage.Effect, ok bool) {
	fx.t.Helper()
	fx.MustRead(func(r *storage.Reader) error {
		all, err := r.RawEffects(id)
		for _, lane := range []incident.Lane{incident.Urgent, incident.Ordinary} {
			first := slices.IndexFunc(all, func(e storage.Effect) bool { return e.Lane == lane && e.State != storage.EffectFailed })
			if first >= 0 && !ok && !all[first].Waits(fx.Now.Time()) {
				e, ok = all[first], true
			}
		}
		return err
	})
	return e, ok
}

func (fx *Fixture) toWake() (ids []incident.ID) {
	fx.t.Helper()
	fx.MustRead(func(r *storage.Reader) (err error) {
		ids, err = r.StreamsToWake(fx.Now.Time(), 10)
		return err
	})
	return ids
}

func (fx *Fixture) release(st storage.Stream, notBefore time.Time) (more bool) {
	fx.t.Helper()
	fx.MustWrite(func(tx *storage.Tx) (err error) {
		more, err = tx.ReleaseStream(st, notBefore)
		return err
	})
	return more
}

func (fx *Fixture) finish(st storage.Stream, e storage.Effect) {
	fx.t.Helper()
	fx.MustWrite(func(tx *storage.Tx) error {
		if err := tx.MarkSending(st, e.ID); err != nil {
			return err
		}
		return tx.FinishEffect(st, e.ID, storage.EffectDone, "", "")
	})
}

func TestStepsAreTakenInOrderUrgentFirst(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		post := func(text string) incident.Effect {
			return incident.Effect{Kind: incident.Post, Say: incident.Say{ID: text}}
		}
		fx.addEffects("i1", post("a"), post("b"))
		fx.addEffects("i1", urgent, post("c"))
		fx.addEffects("i2", post("x"))
		st := fx.acquire("i1", "w1", true)
		var got []string
		for {
			e, ok := fx.nextEffect("i1")
			if !ok {
				break
			}
			got = append(got, string(e.Step.Kind)+e.Step.Say.ID)
			fx.finish(st, e)
		}
		if want := []string{"channel.create", "posta", "postb", "postc"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if fx.release(st, time.Time{}) {
			t.Error("more work, although all is done")
		}
		if got := fx.toWake(); !slices.Equal(got, []incident.ID{"i2"}) {
			t.Errorf("to wake: %v", got)
		}
	})
}

func TestADelayedStepHoldsUpItsLaneOnly(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.addEffects("i1", urgent, urgent, ordinary)
		st := fx.acquire("i1", "w1", true)
		first, _ := fx.nextEffect("i1")
		until := fx.Now.Time().Add(time.Minute)
		fx.MustWrite(func(tx *storage.Tx) error { return tx.DelayEffect(st, first.ID, until, "slack is down") })
		e, ok := fx.nextEffect("i1")
		if !ok || e.Lane != incident.Ordinary {
			t.Errorf("next is %+v, want the ordinary step", e)
		}
		fx.finish(st, e)
		if e, ok := fx.nextEffect("i1"); ok {
			t.Errorf("the second urgent step overtook the first: %+v", e)
		}
		if fx.release(st, time.Time{}) {
			t.Error("more work, although it has to wait")
		}
		if got := fx.toWake(); len(got) != 0 {
			t.Errorf("woken before its time: %v", got)
		}
		fx.Now.Move(time.Minute)
		if got := fx.toWake(); !slices.Equal(got, []incident.ID{"i1"}) {
			t.Errorf("to wake: %v", got)
		}
		e, _ = fx.nextEffect("i1")
		if e.ID != first.ID || e.LastError != "slack is down" || e.State != storage.EffectPending {
			t.Errorf("next is %+v, want the delayed one", e)
		}
	})
}

func TestNewWorkWakesADelayedStream(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.addEffects("i1", ordinary)
		st := fx.acquire("i1", "w1", true)
		if fx.release(st, fx.Now.Time().Add(time.Hour)) {
			t.Error("the worker was kept, although it asked to wait")
		}
		if got := fx.toWake(); len(got) != 0 {
			t.Errorf("woken before its time: %v", got)
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.TouchCards("i1", []incident.Card{incident.SummaryCard}) })
		if got := fx.toWake(); !slices.Equal(got, []incident.ID{"i1"}) {
			t.Errorf("to wake: %v", got)
		}
	})
}

func TestAStreamIsNotReleasedWhileThereIsWork(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.addEffects("i1", ordinary)
		st := fx.acquire("i1", "w1", true)
		e, _ := fx.nextEffect("i1")
		fx.finish(st, e)
		fx.addEffects("i1", ordinary)
		if !fx.release(st, time.Time{}) {
			t.Fatal("released, although work had come")
		}
		fx.acquire("i1", "w2", false)
		e, _ = fx.nextEffect("i1")
		fx.finish(st, e)
		if fx.release(st, time.Time{}) {
			t.Error("not released, although all is done")
		}
		fx.acquire("i1", "w2", true)
	})
}

func TestAStaleHolderCannotFinish(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.addEffects("i1", ordinary)
		fx.MustWrite(func(tx *storage.Tx) error { return tx.TouchCards("i1", []incident.Card{incident.SummaryCard}) })
		old := fx.acquire("i1", "w1", true)
		fx.acquire("i1", "w2", false)
		e, _ := fx.nextEffect("i1")
		fx.Wall.Move(storage.StreamLease / 2)
		fx.MustWrite(func(tx *storage.Tx) error { return tx.MarkSending(old, e.ID) }) // shows that it lives
		fx.Wall.Move(storage.StreamLease / 2)
		fx.acquire("i1", "w2", false)
		fx.Wall.Move(storage.StreamLease / 2)
		now := fx.acquire("i1", "w2", true)
		if now.Fence <= old.Fence {
			t.Errorf("fence %d after %d", now.Fence, old.Fence)
		}
		stale := map[string]func(*storage.Tx) error{
			"Hold":         func(tx *storage.Tx) error { return tx.Hold(old) },
			"MarkSending":  func(tx *storage.Tx) error { return tx.MarkSending(old, e.ID) },
			"FinishEffect": func(tx *storage.Tx) error { return tx.FinishEffect(old, e.ID, storage.EffectDone, "", "") },
			"DelayEffect":  func(tx *storage.Tx) error { return tx.DelayEffect(old, e.ID, Start, "") },
			"DoubtEffect":  func(tx *storage.Tx) error { return tx.DoubtEffect(old, e.ID, Start, "", "") },
			"BeginCard":    func(tx *storage.Tx) error { return tx.BeginCard(old, incident.SummaryCard) },
			"CardSent": func(tx *storage.Tx) error {
				return tx.CardSent(old, storage.Card{Target: incident.SummaryCard, Wanted: 1})
			},
			"ReleaseStream": func(tx *storage.Tx) error {
				_, err := tx.ReleaseStream(old, time.Time{})
				return err
			},
		}
		for name, call := range stale {
			if err := fx.Write(t.Context(), call); storage.CodeOf(err) != storage.Fenced {
				t.Errorf("%s of the former holder: %v", name, err)
			}
		}
		if e, ok := fx.nextEffect("i1"); !ok || e.State != storage.EffectSending || e.Attempts != 1 {
			t.Errorf("the step is %+v, want one that may have been taken", e)
		}
		fx.finish(now, e)
		if fx.release(storage.Stream(now), fx.Now.Time().Add(time.Second)) {
			t.Error("the present holder could not release")
		}
		if err := fx.Write(t.Context(), func(tx *storage.Tx) error { return tx.Hold(now) }); storage.CodeOf(err) != storage.Fenced {
			t.Errorf("a released stream was held: %v", err)
		}
	})
}

func TestOnlyOneOfManyTakesAStream(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.addEffects("i1", ordinary)
		taken := make([]bool, 20)
		errs := fx.together(len(taken), func(i int, tx *storage.Tx) (err error) {
			_, taken[i], err = tx.AcquireStream("i1", fmt.Sprint("w", i), 0)
			return err
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, ok := range taken {
			if ok {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d workers took it", n)
		}
	})
}

func TestCardsCollapseAndNoneIsLost(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		touch := func(cards ...incident.Card) {
			fx.MustWrite(func(tx *storage.Tx) error { return tx.TouchCards("i1", cards) })
		}
		dirty := func() (cards []storage.Card) {
			fx.MustRead(func(r *storage.Reader) (err error) {
				cards, err = r.DirtyCards("i1")
				return err
			})
			return cards
		}
		touch(incident.SummaryCard, incident.TopicCard)
		touch(incident.SummaryCard)
		st := fx.acquire("i1", "w1", true)
		cards := dirty()
		if len(cards) != 2 || cards[0].Target != incident.SummaryCard || cards[0].Wanted != 2 || cards[0].Sent != 0 {
			t.Fatalf("dirty: %+v", cards)
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.BeginCard(st, incident.SummaryCard) })
		touch(incident.SummaryCard) // while the second version is on its way
		sent := cards[0]
		sent.Channel, sent.TS = "C1", "1.2"
		fx.MustWrite(func(tx *storage.Tx) error { return tx.CardSent(st, sent) })
		cards = dirty()
		if len(cards) != 2 || cards[0].Wanted != 3 || cards[0].Sent != 2 || cards[0].TS != "1.2" {
			t.Errorf("dirty after sending: %+v", cards)
		}
		for _, c := range cards {
			fx.MustWrite(func(tx *storage.Tx) error { return tx.CardSent(st, c) })
		}
		if cards := dirty(); len(cards) != 0 {
			t.Errorf("still dirty: %+v", cards)
		}
		fx.MustRead(func(r *storage.Reader) error {
			c, ok, err := r.RawCard("i1", incident.SummaryCard)
			if !ok || c.Sent != 3 || c.Channel != "C1" || c.TS != "1.2" || c.Incident != "i1" {
				t.Errorf("the summary is %+v", c)
			}
			return err
		})
		if fx.release(st, time.Time{}) {
			t.Error("more work, although all is sent")
		}
	})
}
