package pagerout

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// PagerDuty allows 960 calls a minute of one key to its REST API, and about 120
// events a minute to one integration (its documents on rate limits). Half of it at
// once and half of it spread keeps any minute below that.
var (
	restLimit   = outbound.Bucket{Name: "pagerduty.rest", Interval: time.Minute / 480, Burst: 480}
	eventsLimit = outbound.Bucket{Name: "pagerduty.events", Interval: time.Second, Burst: 60}
)

// call is the one path of every call to the REST API: breaker, limit, timeout,
// classification. The error is nil or an *outbound.Failure.
func (c *Client) call(ctx context.Context, step string, do func(context.Context) error) error {
	return c.through(ctx, c.rest, restLimit, step, do)
}

// read is call for what changes nothing: whatever went wrong, nothing was done.
func (c *Client) read(ctx context.Context, step string, do func(context.Context) error) error {
	err := c.call(ctx, step, do)
	if f := outbound.FailureOf(err); f != nil && f.End == outbound.Unclear {
		f.End = outbound.NotDone
		return f
	}
	return err
}

func (c *Client) through(ctx context.Context, breaker circuitbreaker.CircuitBreaker[any], limit outbound.Bucket, step string, do func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return &outbound.Failure{End: outbound.NotDone, Step: step, Err: err}
	}
	if wait := breaker.RemainingDelay(); breaker.IsOpen() && wait > 0 {
		return &outbound.Failure{End: outbound.Delayed, Wait: wait, Code: "unreachable", Step: step}
	}
	if err := c.reserve(ctx, limit, step); err != nil {
		return err
	}
	if !breaker.TryAcquirePermit() {
		// Somebody else is the one who tries whether PagerDuty is back.
		return &outbound.Failure{End: outbound.Delayed, Wait: time.Second, Code: "unreachable", Step: step}
	}
	t := &trip{}
	err := c.timed(ctx, t, do)
	f := classify(step, err, t)
	switch {
	case f == nil || f.Code != "":
		breaker.RecordSuccess()
	case ctx.Err() != nil && breaker.IsClosed():
		// We stopped; that says nothing of PagerDuty.
	default:
		breaker.RecordFailure()
	}
	if f == nil {
		return nil
	}
	if f.Code == outbound.RateLimited && c.opts.Limits != nil {
		if err := c.opts.Limits.Block(ctx, limit.Name, c.opts.Now().Add(f.Wait)); err != nil {
			c.opts.Log.WarnContext(ctx, "a rate limit could not be noted", "bucket", limit.Name, "error", err)
		}
	}
	return f
}

func (c *Client) reserve(ctx context.Context, limit outbound.Bucket, step string) error {
	if c.opts.Limits == nil {
		return nil
	}
	wait, err := c.opts.Limits.Reserve(ctx, []outbound.Bucket{limit})
	if err != nil {
		return &outbound.Failure{End: outbound.NotDone, Step: step, Code: "database", Err: fmt.Errorf("reserve a rate limit: %w", err)}
	}
	if wait > 0 {
		return &outbound.Failure{End: outbound.Delayed, Wait: wait, Code: outbound.Limited, Step: step}
	}
	return nil
}

func (c *Client) timed(ctx context.Context, t *trip, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	ctx = context.WithValue(ctx, tripKey{}, t)
	return do(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { t.note(func() { t.connected = true }) },
	}))
}

// trip is what the transport saw of a call; the library keeps neither headers nor
// causes.
type trip struct {
	mu        sync.Mutex
	connected bool // without a connection, nothing can have been carried out
	header    http.Header
	err       error
}

type tripKey struct{}

func (t *trip) note(change func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change()
}

// recorded notes what came back, and keeps a reply from filling the memory.
type recorded struct{ next http.RoundTripper }

func (r recorded) RoundTrip(req *http.Request) (*http.Response, error) {
	// Stand-ins and proxies that know only JSON refuse PagerDuty's own type alone.
	req = req.Clone(req.Context())
	req.Header.Set("Accept", "application/vnd.pagerduty+json;version=2, application/json;q=0.9")
	resp, err := r.next.RoundTrip(req)
	t, _ := req.Context().Value(tripKey{}).(*trip)
	if t != nil {
		t.note(func() {
			if t.err = err; err == nil {
				t.header = resp.Header
			}
		})
	}
	if err != nil {
		return nil, err
	}
	resp.Body = limited{Reader: io.LimitReader(resp.Body, bodyLimit), Closer: resp.Body}
	return resp, nil
}

type limited struct {
	io.Reader
	io.Closer
}
