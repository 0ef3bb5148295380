package slackio

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// patience is how long a step waits inside itself for a limit, where starting
// again from the beginning would need the same calls once more.
const patience = 5 * time.Second

// call is the one path of every call: breaker, limits, timeout, classification.
// channel is "" where the method's limit does not depend on it. The error is nil
// or an *outbound.Failure.
func (c *Client) call(ctx context.Context, method, channel string, do func(context.Context) error) error {
	return c.callFor(ctx, callTimeout, method, channel, do)
}

func (c *Client) callFor(ctx context.Context, timeout time.Duration, method, channel string, do func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return &outbound.Failure{End: outbound.NotDone, Step: method, Err: err}
	}
	if wait := c.breaker.RemainingDelay(); c.breaker.IsOpen() && wait > 0 {
		return &outbound.Failure{End: outbound.Delayed, Wait: wait, Code: "unreachable", Step: method}
	}
	limits := buckets(method, channel)
	if err := c.reserve(ctx, method, limits); err != nil {
		return err
	}
	if !c.breaker.TryAcquirePermit() {
		// Somebody else is the one who tries whether Slack is back.
		return &outbound.Failure{End: outbound.Delayed, Wait: time.Second, Code: "unreachable", Step: method}
	}
	if f := c.probe(ctx, method); f != nil {
		return f
	}
	err, reached := c.timed(ctx, timeout, do)
	f := classify(method, err, reached)
	c.record(ctx, f)
	if f == nil {
		return nil
	}
	if f.Code == outbound.RateLimited {
		c.block(ctx, limits, f.Wait)
	}
	return f
}

// probe asks Slack something harmless before the first step after it was gone: a step
// that is cut off may have been taken, and has to be looked for before it is repeated.
func (c *Client) probe(ctx context.Context, method string) error {
	if !c.breaker.IsHalfOpen() {
		return nil
	}
	const ask = "auth.test"
	err, reached := c.timed(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.AuthTestContext(ctx)
		return err
	})
	f := classify(ask, err, reached)
	c.record(ctx, f)
	if f == nil || f.Code != "" {
		return nil // Slack is there: what it has against the step, it says to the step
	}
	return &outbound.Failure{End: outbound.Delayed, Wait: c.breaker.RemainingDelay(), Code: "unreachable", Step: method, Err: err}
}

// patient is call, but for waiting through short delays by a limit: others who wait
// for it may be first, more than once.
func (c *Client) patient(ctx context.Context, method, channel string, do func(context.Context) error) error {
	for waited := time.Duration(0); ; {
		err := c.call(ctx, method, channel, do)
		f := outbound.FailureOf(err)
		if f == nil || f.End != outbound.Delayed {
			return err
		}
		if waited += f.Wait; waited > patience {
			return err
		}
		if c.opts.Sleep(ctx, f.Wait) != nil {
			return err
		}
	}
}

// timed runs a call in its timeout. reached says whether a connection was there:
// without one, nothing can have been carried out.
func (c *Client) timed(ctx context.Context, timeout time.Duration, do func(context.Context) error) (err error, reached bool) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	return do(ctx), connected.Load()
}

func (c *Client) reserve(ctx context.Context, method string, limits []outbound.Bucket) error {
	if c.opts.Limits == nil || len(limits) == 0 {
		return nil
	}
	if wait := c.shutFor(limits); wait > 0 {
		return &outbound.Failure{End: outbound.Delayed, Wait: wait, Code: outbound.Limited, Step: method}
	}
	wait, err := c.opts.Limits.Reserve(ctx, limits)
	if err != nil {
		return &outbound.Failure{End: outbound.NotDone, Step: method, Err: fmt.Errorf("reserve a rate limit: %w", err)}
	}
	if wait > 0 {
		return &outbound.Failure{End: outbound.Delayed, Wait: wait, Code: outbound.Limited, Step: method}
	}
	return nil
}

// block closes the limits for as long as Slack said. Slack does not say which
// of a message's two limits was passed, so both are closed.
func (c *Client) block(ctx context.Context, limits []outbound.Bucket, wait time.Duration) {
	if c.opts.Limits == nil {
		return
	}
	until := c.opts.Now().Add(wait)
	for _, b := range limits {
		c.shut(b.Name, wait)
	}
	for _, b := range limits {
		if err := c.opts.Limits.Block(ctx, b.Name, until); err != nil {
			c.opts.Log.WarnContext(ctx, "a rate limit could not be noted", "bucket", b.Name, "error", err)
		}
	}
}

// record tells the breaker. Only a Slack that is not there counts: one that
// refuses, or asks for patience, is there.
func (c *Client) record(ctx context.Context, f *outbound.Failure) {
	switch {
	case f == nil || f.Code != "":
		c.breaker.RecordSuccess()
	case ctx.Err() != nil && c.breaker.IsClosed():
		// We stopped; that says nothing of Slack.
	default:
		c.breaker.RecordFailure()
	}
}
