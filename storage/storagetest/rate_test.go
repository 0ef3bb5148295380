package storagetest

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

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

// TestAfterABlockThereIsNoBurst looks at what Slack had asked to wait for: it is then
// asked for one by one.
func TestAfterABlockThereIsNoBurst(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		rate := storage.Rate{Bucket: "b", Interval: time.Second, Burst: 5}
		reserve := func() (wait time.Duration) {
			fx.MustWrite(func(tx *storage.Tx) (err error) {
				wait, err = tx.Reserve(rate)
				return err
			})
			return wait
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.Block("b", fx.Now.Time().Add(time.Minute)) })
		fx.Now.Move(time.Minute)
		if got := reserve(); got != 0 {
			t.Errorf("the first has to wait %s", got)
		}
		if got := reserve(); got != rate.Interval {
			t.Errorf("the second has to wait %s", got)
		}
		fx.Now.Move(time.Minute)
		for n := range rate.Burst {
			if got := reserve(); got != 0 {
				t.Errorf("after a pause number %d has to wait %s", n+1, got)
			}
		}
	})
}

// TestARetryAfterHoldsOnMachinesWhoseClocksDiffer has three replicas on one PostgreSQL, with
// clocks that are 40 s behind and 40 s ahead of the first one's. What it notes holds for each as long.
func TestARetryAfterHoldsOnMachinesWhoseClocksDiffer(t *testing.T) {
	fx := Postgres(t)
	defer serve(t, fx.Store)()
	for _, off := range []time.Duration{-40 * time.Second, 40 * time.Second} {
		opts := fx.Options()
		opts.Now = func() time.Time { return fx.Now.Time().Add(off) }
		opts.Wall = func() time.Time { return fx.Wall.Time().Add(off) }
		other := fx.Another(opts)
		func() {
			defer serve(t, other)()
			bucket := off.String()
			fx.MustWrite(func(tx *storage.Tx) error { return tx.Block(bucket, fx.Now.Time().Add(30*time.Second)) })
			var wait time.Duration
			err := other.Write(t.Context(), func(tx *storage.Tx) (err error) {
				wait, err = tx.Reserve(storage.Rate{Bucket: bucket, Interval: time.Second, Burst: 1})
				return err
			})
			// The clocks of this test stand still while the database's goes on.
			if err != nil || wait < 25*time.Second || wait > 35*time.Second {
				t.Errorf("a replica whose clock is %s off waits %s of 30 s: %v", off, wait, err)
			}
		}()
	}
}
