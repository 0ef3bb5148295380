package slackio

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/say"
)

// Times that bound a call; all run on the machine's clock.
const (
	callTimeout   = 10 * time.Second
	uploadTimeout = 30 * time.Second
	// viewTimeout leaves half a second of the three that a trigger lives, for our own work.
	viewTimeout = 2500 * time.Millisecond
	// breakerDelay is how long nobody calls after Slack was gone for several calls.
	breakerDelay = 10 * time.Second
	// breakerFailures is how many calls in a row must find Slack gone.
	breakerFailures = 5
	// bodyLimit bounds what is read of one reply; a page of users is the largest, under 1 MiB.
	bodyLimit = 8 << 20
)

// Limits keeps how often something was done, for every process that shares the
// database.
type Limits interface {
	// Reserve takes one from each bucket, or from none and says how long to wait.
	Reserve(ctx context.Context, buckets []outbound.Bucket) (wait time.Duration, err error)
	// Block closes a bucket until a moment of Rollcall's clock.
	Block(ctx context.Context, bucket string, until time.Time) error
}

// Options say which Slack to call, and how.
type Options struct {
	Token  string
	APIURL string // ends in /api/; "" for Slack's own
	// Transport reaches Slack; nil for a copy of http.DefaultTransport.
	Transport http.RoundTripper
	// Now is Rollcall's clock, Sleep waits on it. Slack's message stamps are compared with it.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
	// Wall is the machine's clock: since when Slack is gone.
	Wall func() time.Time
	// Rest is how long nobody calls after Slack was gone for several calls; 0 for
	// breakerDelay.
	Rest   time.Duration
	Limits Limits // nil for none
	Book   *say.Book
	Log    *slog.Logger
}

// Client calls Slack. It is safe for concurrent use.
type Client struct {
	opts    Options
	api     *slack.Client
	http    *http.Client
	breaker circuitbreaker.CircuitBreaker[any]
	hosts   map[string]bool // that a response URL may point to
	closed  closed
	looks   looks                               // that are under way
	direct  sync.Map                            // a person's Slack id to the channel of the conversation with them, which stays
	steady  func(since time.Time) time.Duration // how much time has passed, whatever became of the time of day

	mu        sync.Mutex
	openSince time.Time // zero while the breaker is closed
	self      *outbound.Self
}

// New makes a client. It calls nobody yet.
func New(opts Options) (*Client, error) {
	if opts.APIURL == "" {
		opts.APIURL = slack.APIURL
	}
	if opts.Rest == 0 {
		opts.Rest = breakerDelay
	}
	base, err := url.Parse(opts.APIURL)
	if err != nil || base.Host == "" {
		return nil, errors.New("SLACK_API_URL must be an address that ends in /api/, such as https://slack.com/api/")
	}
	if opts.Transport == nil {
		opts.Transport = http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's own
	}
	c := &Client{
		looks: looks{messages: make(turn, messageLooks), channels: make(turn, channelLooks)},
		opts:  opts,
		http: &http.Client{
			Transport: authorised{bounded{opts.Transport}, base, opts.Token},
			// A redirect would carry the token, or the answer, to a host that nobody checked.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		hosts: map[string]bool{"hooks.slack.com": true, "hooks.slack-gov.com": true, base.Host: true},
	}
	c.steady = func(since time.Time) time.Duration { return opts.Wall().Sub(since) }
	c.breaker = circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(breakerFailures).WithSuccessThreshold(1).WithDelay(opts.Rest).
		OnStateChanged(c.breakerChanged).Build()
	c.api = slack.New(opts.Token, slack.OptionAPIURL(opts.APIURL), slack.OptionHTTPClient(c.http))
	return c, nil
}

// State says whether Slack is being left alone because it could not be reached.
type State struct {
	Open  bool
	Since time.Time // on the machine's clock; zero while Open is false
}

// Breaker is the present state, for health pages and metrics.
func (c *Client) Breaker() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return State{Open: !c.openSince.IsZero(), Since: c.openSince}
}

func (c *Client) breakerChanged(e circuitbreaker.StateChangedEvent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e.NewState {
	case circuitbreaker.OpenState:
		if c.openSince.IsZero() {
			c.openSince = c.opts.Wall()
			c.opts.Log.Warn("slack cannot be reached; steps wait", slog.Duration("for", c.opts.Rest))
		}
	case circuitbreaker.ClosedState:
		c.openSince = time.Time{}
		c.opts.Log.Info("slack can be reached again")
	default: // half open: one call tries
	}
}

// bounded keeps a reply from filling the memory.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = &limitedBody{Reader: io.LimitReader(resp.Body, bodyLimit), Closer: resp.Body}
	return resp, nil
}

type limitedBody struct {
	io.Reader
	io.Closer
}
