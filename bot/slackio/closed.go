package slackio

import (
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// closed are the Retry-Afters that this process was told, beside those in the
// database: there they are noted by the time of day, which a correction of the
// machine's clock moves. Here the machine's steady count says how much of a wait
// has passed; only moving Rollcall's own clock, as the demo does, shortens it.
type closed struct {
	mu    sync.Mutex
	waits map[string]wait
}

// wait is one Retry-After.
type wait struct {
	now  time.Time // on Rollcall's clock, when it was told
	wall time.Time // on the machine's
	long time.Duration
}

// shut closes a bucket.
func (c *Client) shut(bucket string, long time.Duration) {
	c.closed.mu.Lock()
	defer c.closed.mu.Unlock()
	if c.closed.waits == nil {
		c.closed.waits = map[string]wait{}
	}
	w := wait{c.opts.Now(), c.opts.Wall(), long}
	if before, ok := c.closed.waits[bucket]; !ok || c.left(before) < long {
		c.closed.waits[bucket] = w
	}
}

// shutFor is how long it takes until all of the buckets are open.
func (c *Client) shutFor(buckets []outbound.Bucket) (longest time.Duration) {
	c.closed.mu.Lock()
	defer c.closed.mu.Unlock()
	for _, b := range buckets {
		w, ok := c.closed.waits[b.Name]
		if !ok {
			continue
		}
		left := c.left(w)
		if left <= 0 {
			delete(c.closed.waits, b.Name)
		}
		longest = max(longest, left)
	}
	return longest
}

// left is what is left of a wait. By how much the time of day has passed beyond the
// steady count is how far the machine's clock was corrected; what is below a second
// is noise.
func (c *Client) left(w wait) time.Duration {
	corrected := (c.opts.Wall().Round(0).Sub(w.wall.Round(0)) - c.steady(w.wall)).Round(time.Second)
	return w.long - (c.opts.Now().Sub(w.now) - corrected)
}
