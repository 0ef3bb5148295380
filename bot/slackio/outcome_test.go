package slackio

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

var start = time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)

// plainClient calls a server that answers every method in one way.
func plainClient(t *testing.T, address string, limits Limits) *Client {
	t.Helper()
	c, err := New(Options{
		Token: "xoxb-test", APIURL: address + "/api/",
		Now: func() time.Time { return start }, Wall: time.Now,
		Sleep:  func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Limits: limits, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

func serve(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s.URL
}

func TestEveryErrorHasOneOfFourEnds(t *testing.T) {
	say := func(status int, body string, headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i+1 < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		end    outbound.End
		wait   time.Duration
		code   string
	}{
		"retry-after":        {say(429, "", "Retry-After", "7"), outbound.Delayed, 7 * time.Second, "ratelimited"},
		"429 without a wait": {say(429, ""), outbound.Delayed, limitedWait, "ratelimited"},
		"ratelimited body":   {say(200, `{"ok":false,"error":"ratelimited"}`), outbound.Delayed, limitedWait, "ratelimited"},
		"rate_limited body":  {say(200, `{"ok":false,"error":"rate_limited"}`), outbound.Delayed, limitedWait, "ratelimited"},
		"bad token":          {say(200, `{"ok":false,"error":"invalid_auth"}`), outbound.Delayed, installWait, "invalid_auth"},
		"fatal_error":        {say(200, `{"ok":false,"error":"fatal_error"}`), outbound.Unclear, 0, "fatal_error"},
		"internal_error":     {say(200, `{"ok":false,"error":"internal_error"}`), outbound.Unclear, 0, "internal_error"},
		"500":                {say(500, "<html>"), outbound.Unclear, 0, ""},
		"503":                {say(503, "", "Retry-After", "5"), outbound.Unclear, 0, ""},
		"proxy's 403":        {say(403, "<html>"), outbound.Unclear, 0, ""},
		"redirect":           {say(302, "", "Location", "http://127.0.0.1:1/"), outbound.Unclear, 0, ""},
		"half an answer":     {say(200, `{"ok":tr`), outbound.Unclear, 0, ""},
		"hung up":            {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, outbound.Unclear, 0, ""},
		"refused":            {say(200, `{"ok":false,"error":"restricted_action"}`), outbound.Refused, 0, "restricted_action"},
		"unheard of":         {say(200, `{"ok":false,"error":"brand_new_error"}`), outbound.Refused, 0, "brand_new_error"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := plainClient(t, serve(t, c.answer), nil).AuthTest(t.Context())
			f := outbound.FailureOf(err)
			if f == nil || f.End != c.end || f.Wait != c.wait || f.Code != c.code || f.Step != "auth.test" {
				t.Fatalf("got %+v", f)
			}
			if f.End == outbound.Refused && (f.Fix == "" || !strings.HasSuffix(f.Fix, ".")) {
				t.Fatalf("the fix %q is no sentence", f.Fix)
			}
		})
	}
}

func TestAMissingScopeIsNamed(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"ok":false,"error":"missing_scope","needed":"pins:write","provided":"chat:write"}`)
	})
	_, err := plainClient(t, address, nil).AuthTest(t.Context())
	if f := outbound.FailureOf(err); !strings.Contains(f.Fix, "pins:write") {
		t.Fatalf("the fix is %q", f.Fix)
	}
}

func TestNobodyReachedIsCertainlyNotDone(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String()
	_ = l.Close()
	_, err = plainClient(t, address, nil).AuthTest(t.Context())
	if f := outbound.FailureOf(err); f.End != outbound.NotDone {
		t.Fatalf("got %+v", f)
	}
}

func TestATimeoutAfterTheRequestLeftIsUnclear(t *testing.T) {
	arrived, gone := make(chan struct{}), make(chan struct{})
	address := serve(t, func(http.ResponseWriter, *http.Request) { close(arrived); <-gone })
	defer close(gone)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := plainClient(t, address, nil).AuthTest(ctx)
	if f := outbound.FailureOf(err); f.End != outbound.Unclear {
		t.Fatalf("got %+v", f)
	}
}

func TestAfterFiveFailuresSlackIsLeftAlone(t *testing.T) {
	calls := 0
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) { calls++; w.WriteHeader(503) })
	c := plainClient(t, address, nil)
	for range breakerFailures {
		if _, err := c.AuthTest(t.Context()); outbound.FailureOf(err).End != outbound.Unclear {
			t.Fatalf("got %v", err)
		}
	}
	_, err := c.AuthTest(t.Context())
	f := outbound.FailureOf(err)
	if f.End != outbound.Delayed || f.Wait <= 0 || f.Wait > breakerDelay || calls != breakerFailures {
		t.Fatalf("got %+v after %d calls", f, calls)
	}
	if s := c.Breaker(); !s.Open || s.Since.IsZero() {
		t.Fatalf("the breaker says %+v", s)
	}
}

// TestASlackThatWasGoneIsAskedBeforeAStepIsTaken: a step that is cut off may have been
// taken. So while Slack is gone no step is: what is tried is whether it is back.
func TestASlackThatWasGoneIsAskedBeforeAStepIsTaken(t *testing.T) {
	var back atomic.Bool
	var asked, taken atomic.Int64
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/auth.test") {
			asked.Add(1)
		} else {
			taken.Add(1)
		}
		if !back.Load() {
			w.WriteHeader(503)
			return
		}
		_, _ = io.WriteString(w, `{"ok":true}`)
	})
	c, err := New(Options{
		Token: "xoxb-test", APIURL: address + "/api/", Now: time.Now, Wall: time.Now, Log: slog.New(slog.DiscardHandler), Rest: time.Millisecond,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	for range breakerFailures {
		if err := c.Archive(t.Context(), "C1"); outbound.FailureOf(err).End != outbound.Unclear {
			t.Fatalf("got %v", err)
		}
	}
	for asked.Load() < 3 {
		if err := c.Archive(t.Context(), "C1"); outbound.FailureOf(err).End != outbound.Delayed {
			t.Fatalf("while it is gone: %v", err)
		}
	}
	if n := taken.Load(); n != breakerFailures {
		t.Errorf("%d steps were tried", n)
	}
	back.Store(true)
	for err = c.Archive(t.Context(), "C1"); err != nil; err = c.Archive(t.Context(), "C1") {
		if f := outbound.FailureOf(err); f.End != outbound.Delayed || t.Context().Err() != nil {
			t.Fatalf("when it is back: %+v", f)
		}
	}
	if n := taken.Load(); n != breakerFailures+1 || c.Breaker().Open {
		t.Errorf("when it is back: %d steps, %+v", n, c.Breaker())
	}
}

func TestRefusalsAreNoReasonToLeaveSlackAlone(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"ok":false,"error":"not_in_channel"}`)
	})
	c := plainClient(t, address, nil)
	for range 2 * breakerFailures {
		_, _ = c.AuthTest(t.Context())
	}
	if c.Breaker().Open {
		t.Fatal("the breaker is open")
	}
}

// ledger is a Limits that remembers.
type ledger struct {
	mu       sync.Mutex
	wait     time.Duration
	reserved [][]outbound.Bucket
	blocked  map[string]time.Time
}

func (l *ledger) Reserve(_ context.Context, b []outbound.Bucket) (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reserved = append(l.reserved, b)
	return l.wait, nil
}

func (l *ledger) Block(_ context.Context, bucket string, until time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.blocked == nil {
		l.blocked = map[string]time.Time{}
	}
	l.blocked[bucket] = until
	return nil
}

func TestALimitIsKeptAheadOfTime(t *testing.T) {
	address := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("called although the limit said to wait") })
	l := &ledger{wait: 3 * time.Second}
	_, err := plainClient(t, address, l).post(t.Context(), "C1", "", Message{Text: "x"})
	if f := outbound.FailureOf(err); f.End != outbound.Delayed || f.Wait != 3*time.Second {
		t.Fatalf("got %+v", f)
	}
	if len(l.reserved) != 1 || len(l.reserved[0]) != 2 || l.reserved[0][1].Name != "slack:chat.postMessage:C1" || l.reserved[0][1].Interval != time.Second {
		t.Fatalf("reserved %+v", l.reserved)
	}
}

func TestRetryAfterClosesTheLimitForEverybody(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "12"); w.WriteHeader(429) })
	l := &ledger{}
	_, err := plainClient(t, address, l).post(t.Context(), "C1", "", Message{Text: "x"})
	if f := outbound.FailureOf(err); f.Wait != 12*time.Second {
		t.Fatalf("got %+v", f)
	}
	for _, bucket := range []string{"slack:chat.postMessage", "slack:chat.postMessage:C1"} {
		if !l.blocked[bucket].Equal(start.Add(12 * time.Second)) {
			t.Errorf("%s is closed until %v", bucket, l.blocked[bucket])
		}
	}
}

// Slack promises to take a tier's figure a minute, for as long as one likes, and
// small bursts on top: here a quarter of the figure at most.
func TestTiersKeepToTheirMinute(t *testing.T) {
	for name, c := range map[string]struct {
		tier   tier
		figure int
	}{"1": {tier1, 1}, "2": {tier2, 20}, "3": {tier3, 50}, "4": {tier4, 100}} {
		if n := int(time.Minute / c.tier.interval); n != c.figure {
			t.Errorf("tier %s lets %d through in each minute, its figure is %d", name, n, c.figure)
		}
		if c.tier.burst > max(c.figure/4, 1) {
			t.Errorf("tier %s lets %d through at once", name, c.tier.burst)
		}
	}
}

func TestSecretsStayOutOfErrors(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String()
	_ = l.Close()
	err = plainClient(t, address, nil).Reply(t.Context(), outbound.Reply{URL: address + "/respond/s3cr3t", Text: "x"})
	if err == nil || strings.Contains(err.Error(), "s3cr3t") || strings.Contains(err.Error(), "xoxb") {
		t.Fatalf("got %v", err)
	}
}

func TestAnswersGoNowhereElse(t *testing.T) {
	c := plainClient(t, "http://127.0.0.1:1", nil)
	for address, allowed := range map[string]bool{
		"https://hooks.slack.com/commands/T/1/x": true,
		"https://hooks.slack-gov.com/actions/T":  true,
		"http://127.0.0.1:1/respond/1":           true,
		"http://hooks.slack.com/commands/T/1/x":  false,
		"https://hooks.slack.com.evil.example/":  false,
		"https://evil.example/hooks.slack.com":   false,
		"https://127.0.0.1:2/":                   false,
		"file:///etc/passwd":                     false,
		"https://user@evil.example/":             false,
		"":                                       false,
	} {
		if got := c.mayReceive(address) == nil; got != allowed {
			t.Errorf("%q: allowed %v", address, got)
		}
	}
}
