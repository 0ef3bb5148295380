package mint

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"golang.org/x/oauth2"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	// callTimeout bounds one request, on the machine's clock. Nobody waits for it.
	callTimeout = 10 * time.Second
	// breakerDelay is how long nobody calls after a provider was gone for several calls.
	breakerDelay = 30 * time.Second
	// breakerFailures is how many calls in a row must find the provider gone.
	breakerFailures = 3
	// bodyLimit bounds what is read of one reply; a room is a few kilobytes.
	bodyLimit = 256 << 10
)

// Options say how providers are called.
type Options struct {
	Transport http.RoundTripper // nil for a copy of http.DefaultTransport
	Now       func() time.Time  // Rollcall's clock
	Timeout   time.Duration     // of one request; 0 for callTimeout
	Rest      time.Duration     // of the breaker; 0 for breakerDelay
	Log       *slog.Logger
}

// client is the one path of every call to a provider: breaker, token, timeout,
// classification.
type client struct {
	opts    Options
	peer    string // as people call it
	base    string // of the API, without a slash at the end
	http    *http.Client
	breaker circuitbreaker.CircuitBreaker[any]
	fetch   func(context.Context) (*oauth2.Token, error)
	fixes   map[int]string // by HTTP status
	daily   func(http.Header, time.Time) (time.Duration, bool)

	mu    sync.Mutex
	token *oauth2.Token
}

func newClient(o Options, peer, base string, fixes map[int]string) *client {
	if o.Transport == nil {
		o.Transport = http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's own
	}
	if o.Timeout == 0 {
		o.Timeout = callTimeout
	}
	if o.Rest == 0 {
		o.Rest = breakerDelay
	}
	c := &client{opts: o, peer: peer, base: strings.TrimRight(base, "/"), fixes: fixes}
	c.http = &http.Client{
		Transport: recorded{o.Transport}, Timeout: o.Timeout, // the library asks for tokens without a context
		// A redirect would carry the token to a host that nobody checked.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	c.breaker = circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(breakerFailures).WithSuccessThreshold(1).WithDelay(o.Rest).
		OnStateChanged(func(e circuitbreaker.StateChangedEvent) {
			switch e.NewState {
			case circuitbreaker.OpenState:
				o.Log.Warn("a call provider cannot be reached; rooms wait", slog.String("peer", peer), slog.Duration("for", o.Rest))
			case circuitbreaker.ClosedState:
				o.Log.Info("a call provider can be reached again", slog.String("peer", peer))
			default: // half open: one call tries
			}
		}).Build()
	return c
}

// Open says whether the provider is being left alone because it could not be
// reached, for metrics and doctor.
func (c *client) Open() bool { return c.breaker.IsOpen() }

// ask is one request; body and into are JSON, nil for none. The error is nil or
// an *outbound.Failure; Unclear only when the request may have been carried out.
func (c *client) ask(ctx context.Context, step, method, path string, body, into any) error {
	if err := ctx.Err(); err != nil {
		return &outbound.Failure{End: outbound.NotDone, Step: step, Err: err}
	}
	if wait := c.breaker.RemainingDelay(); c.breaker.IsOpen() && wait > 0 {
		return &outbound.Failure{End: outbound.Delayed, Wait: wait, Code: "unreachable", Step: step}
	}
	if !c.breaker.TryAcquirePermit() {
		// Somebody else is the one who tries whether the provider is back.
		return &outbound.Failure{End: outbound.Delayed, Wait: time.Second, Code: "unreachable", Step: step}
	}
	f := c.once(ctx, step, method, path, body, into)
	switch {
	case f == nil || f.Code != "":
		c.breaker.RecordSuccess() // it answered
	case ctx.Err() != nil && c.breaker.IsClosed():
		// We stopped; that says nothing of the provider.
	default:
		c.breaker.RecordFailure()
	}
	if f == nil {
		return nil
	}
	return f
}

func (c *client) once(ctx context.Context, step, method, path string, body, into any) *outbound.Failure {
	token, f := c.bearer(ctx)
	if f != nil {
		return f
	}
	resp, t, err := c.send(ctx, token, method, path, body)
	if err != nil {
		return c.lost(step, method, t, err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit))
	if resp.StatusCode == http.StatusUnauthorized {
		c.forget(token)
	}
	if f := c.status(step, method, resp); f != nil {
		return f
	}
	if into == nil {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		// What it holds is not shown: it may be a token.
		return c.lost(step, method, t, errors.New("the reply could not be read"))
	}
	return nil
}

func (c *client) send(ctx context.Context, token *oauth2.Token, method, path string, body any) (*http.Response, *trip, error) {
	t := &trip{}
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, t, fmt.Errorf("encode a request: %w", err)
		}
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(traced(ctx, t), method, c.base+path, reader)
	if err != nil {
		return nil, t, errors.New("the request could not be made")
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	token.SetAuthHeader(req)
	resp, err := c.http.Do(req)
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err // without the address
	}
	if err == nil {
		t.connect() // whatever the transport told
	}
	return resp, t, err
}

// lost is the end of a request without a reply that can be read. Reading and
// deleting change nothing that a repeat would not change as well.
func (*client) lost(step, method string, t *trip, err error) *outbound.Failure {
	f := &outbound.Failure{End: outbound.NotDone, Step: step, Err: err}
	if method == http.MethodPost && t.connected() {
		f.End = outbound.Unclear
	}
	return f
}

// bearer is the token of the next request. Tokens live for an hour; one that was
// refused is fetched anew at the next call, not at once.
func (c *client) bearer(ctx context.Context) (*oauth2.Token, *outbound.Failure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token.Valid() {
		return c.token, nil
	}
	t := &trip{}
	token, err := c.fetch(context.WithValue(traced(ctx, t), oauth2.HTTPClient, c.http))
	if err == nil && token.AccessToken == "" {
		err = errors.New("the reply holds no token")
	}
	if err != nil {
		return nil, c.noToken(t, err)
	}
	c.token = token
	return token, nil
}

func (c *client) forget(token *oauth2.Token) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token == token {
		c.token = nil
	}
}

// trip is what was seen of a request.
type trip struct {
	mu  sync.Mutex
	got bool // a connection: without one, nothing can have been carried out
}

func (t *trip) connect() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.got = true
}

func (t *trip) connected() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.got
}

func traced(ctx context.Context, t *trip) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { t.connect() }})
}

// recorded bounds what is read of a reply, whoever reads it.
type recorded struct{ next http.RoundTripper }

func (r recorded) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
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
