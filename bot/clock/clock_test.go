package clock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rollcall-bot/rollcall/bot/clock"
)

var start = time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)

func TestSleepEndsWhenTheClockIsMovedPastIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock.Frozen(start)
		done := make(chan error, 1)
		go func() { done <- c.Sleep(t.Context(), time.Hour) }()
		synctest.Wait()
		c.Advance(59 * time.Minute)
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("woke before its time: %v", err)
		default:
		}
		c.Advance(time.Minute)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	})
}

func TestARunningClockWakesByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock.At(start, time.Now)
		if err := c.Sleep(t.Context(), 3*time.Second); err != nil {
			t.Fatal(err)
		}
		if got := c.Now(); !got.Equal(start.Add(3 * time.Second)) {
			t.Fatalf("it is %v after a sleep of 3 s", got)
		}
	})
}

// Somebody looks, and the clock is moved before they wait for the next look.
func TestAMoveBeforeTheWaitIsNotSleptThrough(t *testing.T) {
	c := clock.Frozen(start)
	looked := c.Now()
	c.Advance(15 * time.Second)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := c.Until(ctx, looked.Add(time.Second)); err != nil {
		t.Fatalf("the next look does not come: %v", err)
	}
}

func TestSleepGivesUpWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := clock.Frozen(start).Sleep(ctx, time.Second); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
	})
}
