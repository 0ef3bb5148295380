package slackio

import (
	"net/http"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// TestACorrectedClockDoesNotEndARetryAfter has the time of day jump by an hour, for
// Rollcall's clock as well, while hardly any time passes.
func TestACorrectedClockDoesNotEndARetryAfter(t *testing.T) {
	calls := 0
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		w.Header().Set("Retry-After", "12")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	c := plainClient(t, address, &ledger{}) // whose limits forget
	var jumped, passed time.Duration
	c.opts.Now = func() time.Time { return start.Add(jumped + passed) }
	c.opts.Wall = c.opts.Now
	c.steady = func(time.Time) time.Duration { return passed }
	say := func() *outbound.Failure {
		_, err := c.post(t.Context(), "C1", "", Message{Text: "x"})
		return outbound.FailureOf(err)
	}
	if f := say(); f.Wait != 12*time.Second {
		t.Fatalf("got %+v", f)
	}
	jumped, passed = time.Hour, 2*time.Second
	if f := say(); calls != 1 || f.End != outbound.Delayed || f.Wait != 10*time.Second {
		t.Errorf("after the clock was put forward: %d calls, %+v", calls, f)
	}
	jumped = -time.Hour
	if f := say(); calls != 1 || f.Wait != 10*time.Second {
		t.Errorf("after the clock was put back: %d calls, %+v", calls, f)
	}
	passed = 12 * time.Second
	if f := say(); calls != 2 {
		t.Errorf("after the wait: %d calls, %+v", calls, f)
	}
}

// TestMovingRollcallsClockEndsARetryAfter is what the demo lives on.
func TestMovingRollcallsClockEndsARetryAfter(t *testing.T) {
	calls := 0
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		w.Header().Set("Retry-After", "12")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	c := plainClient(t, address, &ledger{})
	now := start
	c.opts.Now = func() time.Time { return now }
	for range 3 {
		_, err := c.post(t.Context(), "C1", "", Message{Text: "x"})
		if outbound.FailureOf(err) == nil {
			t.Fatal("it went out")
		}
		now = now.Add(12 * time.Second)
	}
	if calls != 3 {
		t.Errorf("%d calls", calls)
	}
}
