package storagetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// manyRows are more than are changed in one transaction.
const manyRows = 1201

func (fx *Fixture) deliver(n int, source string) {
	fx.t.Helper()
	fx.inPieces(n, func(tx *storage.Tx, i int) error {
		return tx.SaveDelivery(storage.Delivery{Source: source, ID: fmt.Sprintf("%d-%d", fx.Now.Time().Unix(), i), Answer: "first", At: fx.Now.Time()})
	})
}

// inPieces writes so many rows, few enough at once that a write ends in time on a slow machine.
func (fx *Fixture) inPieces(n int, write func(tx *storage.Tx, i int) error) {
	fx.t.Helper()
	const piece = 100
	for from := 0; from < n; from += piece {
		fx.MustWrite(func(tx *storage.Tx) error {
			for i := from; i < min(from+piece, n); i++ {
				if err := write(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func (fx *Fixture) received(source string, at time.Time) (n int, answered int) {
	fx.t.Helper()
	fx.MustRead(func(r *storage.Reader) error {
		n, answered = 0, 0
		for i := range manyRows {
			d, seen, err := r.Delivery(source, fmt.Sprintf("%d-%d", at.Unix(), i))
			if err != nil {
				return err
			}
			if seen {
				n++
			}
			if d.Answer != "" {
				answered++
			}
		}
		return nil
	})
	return n, answered
}

// dropped checks how many rows were dropped, and that it was not in one transaction.
func (fx *Fixture) dropped(want int64, drop func() (int64, error)) {
	fx.t.Helper()
	before := fx.Stats().Writes
	n, err := drop()
	if err != nil || n != want {
		fx.t.Errorf("%d rows, %v; want %d", n, err, want)
	}
	if writes := fx.Stats().Writes - before; want >= manyRows && writes < 3 {
		fx.t.Errorf("%d rows in %d transactions", n, writes)
	}
}

func TestOldRequestsAreForgottenALittleAtATime(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		for _, source := range []string{"slack.command", "pagerduty.event", storage.SourceAPI} {
			fx.deliver(manyRows, source)
		}
		fx.Now.Move(storage.KeepRequests)
		young := fx.Now.Time()
		fx.deliver(700, "slack.command")
		fx.Now.Move(time.Hour)
		before := fx.Now.Time().Add(-storage.KeepRequests)
		fx.dropped(manyRows, func() (int64, error) { return fx.ForgetRequests(t.Context(), "slack.command", before) })
		fx.dropped(0, func() (int64, error) { return fx.ForgetRequests(t.Context(), "slack.command", before) })
		for what, one := range map[string]struct {
			source string
			at     time.Time
			want   int
		}{
			"Slack's old ones":  {"slack.command", Start, 0},
			"Slack's young":     {"slack.command", young, 700},
			"PagerDuty's":       {"pagerduty.event", Start, manyRows},
			"those of programs": {storage.SourceAPI, Start, manyRows},
		} {
			if n, _ := fx.received(one.source, one.at); n != one.want {
				t.Errorf("%s: %d are known, want %d", what, n, one.want)
			}
		}
	})
}

func TestOldAnswersAreEmptiedALittleAtATime(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		for range 12 { // at several moments, since those of one moment go together
			fx.deliver(manyRows/12+1, "slack.command")
			fx.Now.Move(time.Second)
		}
		fx.deliver(10, storage.SourceAPI)
		program := fx.Now.Time()
		fx.Now.Move(storage.KeepAnswers)
		young := fx.Now.Time()
		fx.deliver(10, "slack.command")
		fx.Now.Move(time.Second)
		before := fx.Now.Time().Add(-storage.KeepAnswers)
		empty := func() (int64, error) { return fx.ForgetAnswers(t.Context(), before) }
		fx.dropped(12*(manyRows/12+1), empty)
		fx.dropped(0, empty)
		for at, want := range map[time.Time]int{Start: 0, young: 10} {
			if _, n := fx.received("slack.command", at); n != want {
				t.Errorf("%d of %s have an answer, want %d", n, at, want)
			}
		}
		if _, n := fx.received(storage.SourceAPI, program); n != 10 {
			t.Errorf("%d programs have their answer", n)
		}
	})
}

func TestStepsThatAreOverAreForgotten(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		fx.inPieces(manyRows, func(tx *storage.Tx, _ int) error { return tx.AddEffects("i1", []incident.Effect{ordinary}) })
		fx.addEffects("i1", ordinary, ordinary, urgent)
		st := fx.acquire("i1", "w1", true)
		var all []storage.Effect
		fx.MustRead(func(r *storage.Reader) (err error) { all, err = r.RawEffects("i1"); return err })
		fx.inPieces(manyRows+1, func(tx *storage.Tx, n int) error {
			state := storage.EffectDone
			if n == manyRows {
				state = storage.EffectFailed
			}
			return tx.FinishEffect(st, all[n].ID, state, "", "")
		})
		fx.MustWrite(func(tx *storage.Tx) error { return tx.MarkSending(st, all[manyRows+1].ID) })
		fx.Now.Move(storage.KeepSteps + time.Second)
		fx.addEffects("i1", ordinary)
		var young storage.Effect
		fx.MustRead(func(r *storage.Reader) error {
			open, err := r.RawEffects("i1")
			young = open[len(open)-1]
			return err
		})
		fx.MustWrite(func(tx *storage.Tx) error { return tx.FinishEffect(st, young.ID, storage.EffectDone, "", "") })
		drop := func() (int64, error) { return fx.ForgetSteps(t.Context(), fx.Now.Time().Add(-storage.KeepSteps)) }
		fx.dropped(manyRows+1, drop)
		fx.dropped(0, drop)
		fx.MustRead(func(r *storage.Reader) error {
			open, err := r.RawEffects("i1")
			if len(open) != 2 || open[0].State != storage.EffectSending || open[1].State != storage.EffectPending {
				t.Errorf("what is still to be done: %+v", open)
			}
			if _, e := r.RawEffect(young.ID); e != nil {
				t.Errorf("what was done today: %v", e)
			}
			return err
		})
		fx.addEffects("i1", ordinary) // and its place in the order is nobody's
	})
}

func TestRatesThatAreOverAreForgotten(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		reserve := func(bucket string) (wait time.Duration) {
			fx.MustWrite(func(tx *storage.Tx) (err error) {
				wait, err = tx.Reserve(storage.Rate{Bucket: bucket, Interval: time.Minute, Burst: 1})
				return err
			})
			return wait
		}
		fx.inPieces(manyRows, func(tx *storage.Tx, n int) error {
			_, err := tx.Reserve(storage.Rate{Bucket: fmt.Sprint("channel:", n), Interval: time.Second, Burst: 3})
			return err
		})
		fx.MustWrite(func(tx *storage.Tx) error { return tx.Block("closed", Start.Add(storage.KeepRates*2)) })
		fx.Now.Move(storage.KeepRates + time.Minute)
		if reserve("busy") != 0 {
			t.Fatal("the first one waits")
		}
		fx.dropped(manyRows, func() (int64, error) { return fx.ForgetRates(t.Context(), fx.Now.Time().Add(-storage.KeepRates)) })
		if reserve("busy") == 0 || reserve("closed") == 0 || reserve("channel:7") != 0 {
			t.Error("a rate is not what it was")
		}
	})
}

func TestProgramsThatAreGoneAreForgotten(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.MustWrite(func(tx *storage.Tx) error { return tx.Heartbeat(storage.Replica{ID: "killed", Version: "v1"}) })
		fx.Wall.Move(storage.KeepReplicas + time.Second)
		fx.MustWrite(func(tx *storage.Tx) error { return tx.Heartbeat(storage.Replica{ID: "runs", Version: "v1"}) })
		fx.dropped(1, func() (n int64, err error) {
			err = fx.Write(t.Context(), func(tx *storage.Tx) error { n, err = tx.ForgetReplicas(); return err })
			return n, err
		})
		fx.MustRead(func(r *storage.Reader) error {
			left, err := r.Replicas(time.Time{})
			if len(left) != 1 || left[0].ID != "runs" {
				t.Errorf("left are %+v", left)
			}
			return err
		})
	})
}
