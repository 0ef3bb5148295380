package statuspage

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	// callTimeout bounds one call, on the machine's clock.
	callTimeout = 10 * time.Second
	// breakerDelay is how long nobody calls after the page was gone for several calls.
	breakerDelay    = 30 * time.Second
	breakerFailures = 3
	// bodyLimit bounds one reply: a hundred incidents with all their updates.
	bodyLimit = 8 << 20
)

// limit is what Statuspage allows one key: a request a second, as measured over a
// minute (its reference, "Rate limiting").
var limit = outbound.Bucket{Name: "statuspage", Interval: time.Second, Burst: 20}

// Limits keeps how often something was done, for every process that shares the
// database.
type Limits interface {
	// Reserve takes one from each bucket, or from none and says how long to wait.
	Reserve(ctx context.Context, buckets []outbound.Bucket) (wait time.Duration, err error)
	// Block closes a bucket until a moment of Rollcall's clock.
	Block(ctx context.Context, bucket string, until time.Time) error
}

// Options say which page to write to, and how.
type Options struct {
	Page   string // its id
	Key    string // of Statuspage's API
	APIURL string // without a slash at the end

	Outgoing guard.Options    // bounds of calls; the API's own host is reached anyway
	Now      func() time.Time // Rollcall's clock
	Rest     time.Duration    // of the breaker; 0 for breakerDelay
	Limits   Limits           // nil for none
	Log      *slog.Logger
}

// Client writes to one page. It is safe for concurrent use.
type Client struct {
	opts    Options
	http    *http.Client
	breaker circuitbreaker.CircuitBreaker[any]
}

// New makes a client. It calls nobody yet.
func New(o Options) (*Client, error) {
	to, err := url.Parse(o.APIURL)
	if err != nil || to.Host == "" {
		return nil, errors.New("STATUSPAGE_API_URL must be an address such as https://api.statuspage.io/v1")
	}
	if o.Rest == 0 {
		o.Rest = breakerDelay
	}
	o.APIURL = strings.TrimRight(o.APIURL, "/")
	bounds := o.Outgoing
	bounds.Allow = append(append([]string(nil), bounds.Allow...), host(to))
	bounds.Timeout, bounds.MaxBody = callTimeout, bodyLimit
	c := &Client{opts: o, http: guard.Client(bounds)}
	c.breaker = circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(breakerFailures).WithSuccessThreshold(1).WithDelay(o.Rest).
		OnStateChanged(func(e circuitbreaker.StateChangedEvent) {
			switch e.NewState {
			case circuitbreaker.OpenState:
				o.Log.Warn("a peer cannot be reached; steps wait", slog.String("peer", "Statuspage"), slog.Duration("for", o.Rest))
			case circuitbreaker.ClosedState:
				o.Log.Info("a peer can be reached again", slog.String("peer", "Statuspage"))
			default: // half open: one call tries
			}
		}).Build()
	return c, nil
}

// host is the API's host with its port: the operator names it on purpose.
func host(to *url.URL) string {
	port := to.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[to.Scheme]
	}
	return net.JoinHostPort(to.Hostname(), port)
}

// Open says whether Statuspage is being left alone because it could not be reached,
// for health pages and metrics.
func (c *Client) Open() bool { return c.breaker.IsOpen() }
