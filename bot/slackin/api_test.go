package slackin

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// replies answers with a list of statuses, one after the other.
type replies struct {
	statuses []int
	at       []time.Time
	now      func() time.Time
}

func (r *replies) RoundTrip(*http.Request) (*http.Response, error) {
	r.at = append(r.at, r.now())
	status := r.statuses[0]
	r.statuses = r.statuses[1:]
	h := http.Header{}
	if status == http.StatusTooManyRequests {
		h.Set("Retry-After", "40")
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(`{"ok":true}`))}, nil
}

func TestConnectionsObeyEachOthersRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 28, 14, 5, 0, 0, time.UTC)
	slack := &replies{statuses: []int{200, 429, 200}, now: func() time.Time { return now }}
	turn := &inTurn{next: slack, now: slack.now, sleep: func(ctx context.Context, d time.Duration) error {
		now = now.Add(d)
		return ctx.Err()
	}}
	for n, want := range []int{200, 429, 200} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1/api/apps.connections.open", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := turn.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != want || string(body) != `{"ok":true}` {
			t.Errorf("call %d: %d %q, %v", n, resp.StatusCode, body, err)
		}
		_ = resp.Body.Close()
	}
	if waited := slack.at[2].Sub(slack.at[1]); waited != 40*time.Second {
		t.Errorf("the next connection asked after %s, not after 40 s", waited)
	}

	ended, end := context.WithCancel(t.Context())
	end()
	slack.statuses, turn.until = []int{200}, now.Add(time.Minute)
	req, err := http.NewRequestWithContext(ended, http.MethodPost, "http://127.0.0.1/api/apps.connections.open", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := turn.RoundTrip(req); err == nil {
		_ = resp.Body.Close()
		t.Error("the end of the program waits for Slack's patience")
	}
}
