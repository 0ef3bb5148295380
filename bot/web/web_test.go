package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/web"
)

// served is a server on loopback that ends with the test.
type served struct {
	t    *testing.T
	base string
	stop context.CancelFunc
	done chan error
}

func serve(t *testing.T, s *web.Server) *served {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	up := &served{t: t, base: "http://" + l.Addr().String(), stop: stop, done: make(chan error, 1)}
	go func() { up.done <- s.Serve(ctx, l); close(up.done) }()
	t.Cleanup(func() {
		stop()
		for range up.done { // until it is closed
		}
	})
	return up
}

func (s *served) get(path string) (int, string) {
	s.t.Helper()
	resp, err := http.Get(s.base + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

type world struct {
	ping    atomic.Pointer[error]
	pings   atomic.Int64
	clock   atomic.Int64
	metrics *web.Metrics
	reports atomic.Int64
}

func (w *world) now() time.Time { return time.Unix(1_700_000_000, w.clock.Load()) }

func (w *world) options() web.Options {
	log := slog.New(slog.DiscardHandler)
	w.metrics = web.NewMetrics("v1", func(context.Context) web.Moment {
		return web.Moment{
			Writes: 7, BreakersOpen: map[string]bool{"slack": true},
			Backlog: &web.Backlog{Effects: map[string]int64{"pending": 3}, Oldest: 90 * time.Second},
		}
	})
	return web.Options{
		Ready: web.NewReadiness(func(context.Context) error {
			w.pings.Add(1)
			if err := w.ping.Load(); err != nil {
				return *err
			}
			return nil
		}, w.now),
		Metrics: w.metrics, Log: log, Now: w.now,
		Report: func(context.Context, any, []byte) { w.reports.Add(1) },
	}
}

func TestReadyFollowsTheDatabaseAndAsksItAtMostOnceASecond(t *testing.T) {
	w := &world{}
	up := serve(t, web.New(w.options()))
	for range 5 {
		if code, body := up.get("/readyz"); code != 200 || body != "ready\n" {
			t.Fatalf("got %d %q", code, body)
		}
	}
	if n := w.pings.Load(); n != 1 {
		t.Fatalf("asked %d times within a second", n)
	}
	locked := errors.New("the database is locked")
	w.ping.Store(&locked)
	w.clock.Add(int64(time.Second))
	if code, body := up.get("/readyz"); code != 503 || body != "not ready: the database is locked\n" {
		t.Fatalf("got %d %q", code, body)
	}
	if code, _ := up.get("/livez"); code != 200 {
		t.Fatalf("alive: %d", code)
	}
	w.ping.Store(nil)
	w.clock.Add(int64(time.Second))
	if code, _ := up.get("/readyz"); code != 200 {
		t.Fatalf("does not heal: %d", code)
	}
}

func TestAPanicCostsOneRequest(t *testing.T) {
	w := &world{}
	s := web.New(w.options())
	s.Mux().HandleFunc("GET /broken", func(http.ResponseWriter, *http.Request) { panic("no luck") })
	up := serve(t, s)
	for range 2 {
		if code, body := up.get("/broken"); code != 500 || strings.Contains(body, "luck") {
			t.Fatalf("got %d %q", code, body)
		}
	}
	if n := w.reports.Load(); n != 2 {
		t.Fatalf("%d reports", n)
	}
	if _, body := up.get("/metrics"); !strings.Contains(body, `rollcall_http_requests_total{route="/broken",status="500"} 2`) ||
		!strings.Contains(body, "rollcall_panics_total 2") {
		t.Fatalf("not counted:\n%s", body)
	}
}

// What answers a request may log it itself: then the server logs only what went wrong.
func TestARequestIsLoggedOnce(t *testing.T) {
	var mu sync.Mutex
	var log strings.Builder
	w := &world{}
	o := w.options()
	o.Log = slog.New(slog.NewTextHandler(writerFunc(func(b []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return log.Write(b)
	}), nil))
	o.Told = func(route string) bool { return route == "/told" }
	s := web.New(o)
	s.Mux().HandleFunc("/told", func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "" {
			rw.WriteHeader(http.StatusUnauthorized)
		}
	})
	s.Mux().HandleFunc("/plain", func(http.ResponseWriter, *http.Request) {})
	up := serve(t, s)
	for _, path := range []string{"/told", "/told?wrong", "/plain"} {
		up.get(path)
	}
	up.stop()
	if err := <-up.done; err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if got := strings.Count(log.String(), "route=/told"); got != 1 || !strings.Contains(log.String(), "status=401") {
		t.Errorf("%d lines of what is told elsewhere:\n%s", got, log.String())
	}
	if !strings.Contains(log.String(), "route=/plain") {
		t.Errorf("a request is not logged:\n%s", log.String())
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestMetricsTellTheMoment(t *testing.T) {
	w := &world{}
	s := web.New(w.options())
	w.metrics.Answered("slash", "done", 3*time.Millisecond)
	up := serve(t, s)
	up.get("/made/up/by/a/stranger")
	_, body := up.get("/metrics")
	for _, want := range []string{
		"rollcall_writer_writes_total 7", `rollcall_breaker_open{peer="slack"} 1`, `rollcall_effects{state="pending"} 3`,
		"rollcall_effects_oldest_seconds 90", `rollcall_answers_total{kind="done",surface="slash"} 1`,
		`rollcall_answer_seconds_bucket{surface="slash",le="0.005"} 1`, `rollcall_build_info{version="v1"} 1`,
		`rollcall_http_requests_total{route="other",status="404"} 1`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in\n%s", want, body)
		}
	}
	if strings.Contains(body, "stranger") {
		t.Error("a stranger named a metric")
	}
}

// TestAScrapeEndsWithWhoeverAsked: what the program is asked for stops when nobody waits for it.
func TestAScrapeEndsWithWhoeverAsked(t *testing.T) {
	w := &world{}
	o := w.options()
	asked, over := make(chan struct{}), make(chan struct{})
	o.Metrics = web.NewMetrics("v1", func(ctx context.Context) web.Moment {
		close(asked)
		<-ctx.Done()
		close(over)
		return web.Moment{}
	})
	s := serve(t, web.New(o))
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		ended <- err
	}()
	<-asked
	cancel()
	<-over
	if err := <-ended; err == nil {
		t.Error("it was answered")
	}
}

func TestMetricsCanListenElsewhere(t *testing.T) {
	w := &world{}
	o := w.options()
	o.MetricsElsewhere = true
	if code, _ := serve(t, web.New(o)).get("/metrics"); code != 404 {
		t.Fatalf("public: %d", code)
	}
	if code, _ := serve(t, web.NewMetricsServer(o)).get("/metrics"); code != 200 {
		t.Fatalf("private: %d", code)
	}
}

func TestTheEndFinishesWhatIsUnderWay(t *testing.T) {
	w := &world{}
	s := web.New(w.options())
	entered, leave := make(chan struct{}), make(chan struct{})
	s.Mux().HandleFunc("GET /slow", func(rw http.ResponseWriter, r *http.Request) {
		close(entered)
		<-leave
		if r.Context().Err() != nil {
			http.Error(rw, "cut short", 500)
			return
		}
		_, _ = io.WriteString(rw, "done")
	})
	up := serve(t, s)
	got := make(chan string, 1)
	go func() {
		code, body := up.get("/slow")
		got <- fmt.Sprint(code, " ", body)
	}()
	<-entered
	up.stop()
	// The listener closes before the request ends.
	for {
		c, err := net.Dial("tcp", strings.TrimPrefix(up.base, "http://"))
		if err != nil {
			break
		}
		_ = c.Close()
	}
	close(leave)
	if g := <-got; g != "200 done" {
		t.Fatalf("got %q", g)
	}
	if err := <-up.done; err != nil {
		t.Fatal(err)
	}
}

func TestHeadersAreBounded(t *testing.T) {
	w := &world{}
	up := serve(t, web.New(w.options()))
	c, err := net.Dial("tcp", strings.TrimPrefix(up.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	go func() {
		_, _ = fmt.Fprintf(c, "GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n", strings.Repeat("a", 1<<20))
	}()
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Fatalf("got %d", resp.StatusCode)
	}
}
