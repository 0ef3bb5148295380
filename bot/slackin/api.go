package slackin

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

const (
	// openTimeout bounds the one call that Socket Mode makes: asking for an address
	// to connect to.
	openTimeout = 10 * time.Second
	// openReply bounds what is read of its answer, which is one address.
	openReply = 64 << 10
)

// SocketAPI is the client that NewSocket takes: apiURL ends in /api/, appToken is
// the app-level token; now and sleep are of Rollcall's clock.
func SocketAPI(apiURL, appToken string, now func() time.Time, sleep func(context.Context, time.Duration) error) *slack.Client {
	return slack.New("", slack.OptionAPIURL(apiURL), slack.OptionAppLevelToken(appToken),
		slack.OptionHTTPClient(&http.Client{Transport: &inTurn{next: http.DefaultTransport, now: now, sleep: sleep}}))
}

// inTurn makes the connections ask one after the other, and none before the end of
// a Retry-After that another was given: the library keeps that to one connection.
// Slack counts such calls strictly, about one a minute.
type inTurn struct {
	next  http.RoundTripper
	now   func() time.Time
	sleep func(context.Context, time.Duration) error

	mu    sync.Mutex
	until time.Time
}

// RoundTrip waits for its turn.
func (t *inTurn) RoundTrip(r *http.Request) (*http.Response, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if wait := t.until.Sub(t.now()); wait > 0 {
		if err := t.sleep(r.Context(), wait); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), openTimeout)
	defer cancel()
	resp, err := t.next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, openReply))
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if resp.StatusCode == http.StatusTooManyRequests {
		if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
			t.until = t.now().Add(time.Duration(seconds) * time.Second)
		}
	}
	return resp, nil
}
