// Package clock tells the time and waits, so that tests and the demo can move time.
//
// Everything that Rollcall decides by time (stamps, reminders, signatures, rate
// limits) asks one Clock. Only leases, which must hold against a process that
// stands still, use the machine's own time.
package clock

import (
	"context"
	"sync"
	"time"
)

// Clock is where the program gets the time from.
type Clock interface {
	Now() time.Time
	// Sleep waits until d has passed on this clock. It returns ctx's error when
	// that comes first.
	Sleep(ctx context.Context, d time.Duration) error
	// Until waits until it is at on this clock; when that is past it does not wait.
	// Whoever looks again and again counts from the time they looked at: with Sleep
	// a clock that is moved meanwhile would be slept through.
	Until(ctx context.Context, at time.Time) error
}

// Movable is a clock that runs at the machine's speed and can be moved forward.
// Whoever sleeps past the new time wakes up at once. The zero Movable is not
// usable; call Real or At.
type Movable struct {
	now func() time.Time

	mu     sync.Mutex
	offset time.Duration
	frozen bool
	fixed  time.Time
	moved  chan struct{} // closed and replaced at each move
}

// Real is the machine's clock. now is time.Now in the program.
func Real(now func() time.Time) *Movable {
	return &Movable{now: now, moved: make(chan struct{})}
}

// At is a clock that starts at t and runs at the speed of now.
func At(t time.Time, now func() time.Time) *Movable {
	c := Real(now)
	c.offset = t.Sub(now())
	return c
}

// Frozen is a clock that stands at t until it is moved.
func Frozen(t time.Time) *Movable {
	return &Movable{frozen: true, fixed: t, moved: make(chan struct{})}
}

// Now is the present time in UTC, without a monotonic part: it is compared with
// times from a database.
func (c *Movable) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.locked()
}

func (c *Movable) locked() time.Time {
	if c.frozen {
		return c.fixed.UTC()
	}
	return c.now().Add(c.offset).Round(0).UTC()
}

// Advance moves the clock forward by d.
func (c *Movable) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen {
		c.fixed = c.fixed.Add(d)
	} else {
		c.offset += d
	}
	close(c.moved)
	c.moved = make(chan struct{})
}

// Moved returns a channel that is closed at the next Advance.
func (c *Movable) Moved() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved
}

// Sleep waits until d has passed on this clock.
func (c *Movable) Sleep(ctx context.Context, d time.Duration) error {
	return c.Until(ctx, c.Now().Add(d))
}

// Until waits until it is at on this clock.
func (c *Movable) Until(ctx context.Context, at time.Time) error {
	for {
		c.mu.Lock()
		left, moved, frozen := at.Sub(c.locked()), c.moved, c.frozen
		c.mu.Unlock()
		if left <= 0 {
			return ctx.Err()
		}
		if err := c.wait(ctx, left, moved, frozen); err != nil {
			return err
		}
	}
}

func (c *Movable) wait(ctx context.Context, left time.Duration, moved <-chan struct{}, frozen bool) error {
	var tick <-chan time.Time
	if !frozen {
		timer := time.NewTimer(left)
		defer timer.Stop()
		tick = timer.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-moved:
	case <-tick:
	}
	return nil
}
