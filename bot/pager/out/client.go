package pagerout

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/PagerDuty/go-pagerduty"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	// callTimeout bounds one call, on the machine's clock. It is short: a person
	// waits to be woken, and there is a second way.
	callTimeout = 5 * time.Second
	// breakerDelay is how long nobody calls after PagerDuty was gone for several calls.
	breakerDelay = 10 * time.Second
	// breakerFailures is how many calls in a row must find PagerDuty gone.
	breakerFailures = 5
	// bodyLimit bounds what is read of one reply; a page of 100 incidents is well below.
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

// Options say which PagerDuty to call, and how. Without Token, From and Service
// only events can be sent; without RoutingKeys only incidents can be made.
type Options struct {
	Token   string // of the REST API
	From    string // the e-mail address of the user in whose name Rollcall acts
	Service string // PagerDuty's id of the service that is paged unless another is named
	// RoutingKeys are those of Events API v2 integrations: of a service by the name that
	// we give it, and under "" of the service that has none of its own.
	RoutingKeys map[string]string
	APIURL      string // without a slash at the end
	EventsURL   string // without a slash at the end

	Transport http.RoundTripper // nil for a copy of http.DefaultTransport
	Now       func() time.Time  // Rollcall's clock
	Timeout   time.Duration     // of one call; 0 for callTimeout
	Rest      time.Duration     // of the breakers; 0 for breakerDelay
	Limits    Limits            // nil for none
	Log       *slog.Logger
}

// Client calls PagerDuty. It is safe for concurrent use.
type Client struct {
	opts   Options
	api    *pagerduty.Client
	rest   circuitbreaker.CircuitBreaker[any]
	events circuitbreaker.CircuitBreaker[any] // another host, with troubles of its own
	// solo says that the account's plan has no responder requests.
	solo atomic.Bool
}

// New makes a client. It calls nobody yet.
func New(o Options) (*Client, error) {
	for name, address := range map[string]string{"PAGERDUTY_API_URL": o.APIURL, "PAGERDUTY_EVENTS_URL": o.EventsURL} {
		if u, err := url.Parse(address); err != nil || u.Host == "" {
			return nil, errors.New(name + " must be an address such as https://api.pagerduty.com")
		}
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's own
	}
	if o.Timeout == 0 {
		o.Timeout = callTimeout
	}
	if o.Rest == 0 {
		o.Rest = breakerDelay
	}
	o.APIURL, o.EventsURL = strings.TrimRight(o.APIURL, "/"), strings.TrimRight(o.EventsURL, "/")
	c := &Client{opts: o}
	c.rest, c.events = c.breaker("PagerDuty's REST API"), c.breaker("PagerDuty's Events API")
	c.api = pagerduty.NewClient(o.Token, pagerduty.WithAPIEndpoint(o.APIURL), pagerduty.WithV2EventsAPIEndpoint(o.EventsURL))
	c.api.HTTPClient = &http.Client{
		Transport: recorded{o.Transport},
		// A redirect would carry the key to a host that nobody checked.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

// Rest says whether incidents can be made, by the REST API.
func (c *Client) Rest() bool { return c.opts.Token != "" && c.opts.From != "" && c.opts.Service != "" }

// Events says whether events can be sent.
func (c *Client) Events() bool { return c.opts.RoutingKeys[""] != "" }

// integration is the key of a service's own integration, else the configured one.
func (c *Client) integration(service string) string {
	if key := c.opts.RoutingKeys[service]; key != "" {
		return key
	}
	return c.opts.RoutingKeys[""]
}

// Open says whether PagerDuty's REST API is being left alone because it could not
// be reached, for health pages and metrics.
func (c *Client) Open() bool { return c.rest.IsOpen() }

func (c *Client) breaker(what string) circuitbreaker.CircuitBreaker[any] {
	return circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(breakerFailures).WithSuccessThreshold(1).WithDelay(c.opts.Rest).
		OnStateChanged(func(e circuitbreaker.StateChangedEvent) {
			switch e.NewState {
			case circuitbreaker.OpenState:
				c.opts.Log.Warn("a peer cannot be reached; steps wait", slog.String("peer", what), slog.Duration("for", c.opts.Rest))
			case circuitbreaker.ClosedState:
				c.opts.Log.Info("a peer can be reached again", slog.String("peer", what))
			default: // half open: one call tries
			}
		}).Build()
}
