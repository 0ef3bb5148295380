package checks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/empty"
)

var start = time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)

// world is a database, a clock, a site and whoever takes alarms.
type world struct {
	testing.TB
	clock *clock.Movable
	store *storage.Store
	why   atomic.Value // what is wrong with the site
	tried atomic.Int64

	mu    sync.Mutex
	seen  map[string]bool
	lines []string // of what was taken
	lose  error    // of the next alarms
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, clock: clock.Frozen(start), seen: map[string]bool{}}
	w.why.Store("")
	var last atomic.Int64
	store, err := storage.Open(t.Context(), storage.Options{
		URL: empty.URL(t), Now: w.clock.Now, Wall: time.Now,
		NewID: func() string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", last.Add(1)) }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close(context.WithoutCancel(t.Context())) })
	w.store = store
	return w
}

// take counts a delivery once, as the intake does.
func (w *world) take(_ context.Context, a alarm.Alarm) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lose != nil {
		return w.lose
	}
	if id := a.Deliveries[0].ID; !w.seen[id] {
		w.seen[id] = true
		r := a.Report
		line := fmt.Sprintf("%s %s %s %s", r.At.Format("15:04:05"), r.Ref.ID, r.Kind, r.Facts.Title)
		if r.Kind == incident.AlarmTriggered {
			line += fmt.Sprintf(" since %s: %s (%s, %s, %d, %s)", r.Began.Format("15:04:05"), r.Text, r.Facts.Service, r.Facts.Urgency, a.Severity, r.Facts.URL)
		}
		w.lines = append(w.lines, line)
	}
	return nil
}

var shop = Check{
	Name: "Shop", URL: "https://shop.example.org/health?key=1", Method: "GET", Every: time.Minute, Timeout: time.Second, Failures: 3, Service: "checkout", Severity: 2,
}

func (w *world) runner(list ...Check) *Runner {
	w.Helper()
	r := New(Options{
		Checks: list, Store: w.store, Clock: w.clock, Take: w.take, Jitter: func(time.Duration) time.Duration { return 0 }, Log: slog.New(slog.DiscardHandler),
		Try: func(context.Context, Check) string {
			w.tried.Add(1)
			return w.why.Load().(string) //nolint:forcetypeassert // only strings are stored
		},
	})
	if err := r.adopt(w.Context()); err != nil {
		w.Fatal(err)
	}
	return r
}

// turn lets every runner look, all at once, and moves the clock.
func (w *world) turn(d time.Duration, runners ...*Runner) {
	w.Helper()
	var all sync.WaitGroup
	for _, r := range runners {
		all.Go(func() {
			var under sync.WaitGroup
			if err := r.round(w.Context(), &under); err != nil {
				w.Error(err)
			}
			under.Wait()
		})
	}
	all.Wait()
	w.clock.Advance(d)
}

func (w *world) told(want ...string) {
	w.Helper()
	if !slices.Equal(w.lines, want) {
		w.Errorf("told %q\nwant %q", w.lines, want)
	}
}

func TestACheckRaisesAnAlarmAfterSomeFailures(t *testing.T) {
	w := newWorld(t)
	r := w.runner(shop)
	w.turn(time.Minute, r)
	w.why.Store("answered 500 instead of 2xx")
	w.turn(time.Minute, r)
	w.turn(time.Minute, r)
	w.told()
	w.why.Store("")
	w.turn(time.Minute, r) // two failures are none
	w.why.Store("answered 500 instead of 2xx")
	for range 5 {
		w.turn(time.Minute, r)
	}
	raised := "14:06:00 Shop@1772633040 "
	if len(w.lines) != 1 || !strings.HasPrefix(w.lines[0], raised) {
		t.Fatalf("told %q", w.lines)
	}
	if want := "triggered Shop fails since 14:04:00: answered 500 instead of 2xx (checkout, sev2, 2, https://shop.example.org/health)"; !strings.HasSuffix(w.lines[0], want) {
		t.Errorf("told %q", w.lines[0])
	}
	w.why.Store("")
	w.turn(time.Minute, r)
	w.turn(time.Minute, r)
	if len(w.lines) != 2 || !strings.HasPrefix(w.lines[1], "14:09:00 Shop@") || !strings.Contains(w.lines[1], "resolved Shop fails") {
		t.Fatalf("told %q", w.lines)
	}
	w.why.Store("the connection is refused") // another time it is another alarm
	for range 3 {
		w.turn(time.Minute, r)
	}
	if len(w.lines) != 3 || strings.Fields(w.lines[2])[1] == strings.Fields(w.lines[0])[1] {
		t.Errorf("told %q", w.lines)
	}
}

func TestARestartForgetsNothing(t *testing.T) {
	w := newWorld(t)
	w.why.Store("the connection is refused")
	for range 3 {
		w.turn(time.Minute, w.runner(shop))
	}
	if len(w.lines) != 1 || !strings.Contains(w.lines[0], "since 14:00:00") {
		t.Errorf("told %q", w.lines)
	}
	w.why.Store("")
	w.turn(time.Hour, w.runner(shop)) // and after a long downtime it is run once
	if before := w.tried.Load(); before != 4 {
		t.Errorf("tried %d times", before)
	}
	w.turn(time.Second, w.runner(shop))
	w.turn(time.Second, w.runner(shop))
	if n := w.tried.Load(); n != 5 || len(w.lines) != 2 {
		t.Errorf("tried %d times, told %q", n, w.lines)
	}
}

func TestOneReplicaRunsACheck(t *testing.T) {
	w := newWorld(t)
	replicas := []*Runner{w.runner(shop), w.runner(shop), w.runner(shop), w.runner(shop)}
	for range 10 {
		w.turn(time.Minute, replicas...)
	}
	if n := w.tried.Load(); n != 10 {
		t.Errorf("tried %d times in 10 minutes", n)
	}
}

func TestAnAlarmThatWasNotStoredIsToldAgain(t *testing.T) {
	w := newWorld(t)
	r := w.runner(shop)
	w.lose = errors.New("the disk is full")
	w.why.Store("the connection is refused")
	for range 4 {
		w.turn(time.Minute, r)
	}
	w.told()
	w.lose = nil
	w.turn(time.Minute, r)
	if len(w.lines) != 1 || !strings.Contains(w.lines[0], "since 14:00:00") {
		t.Errorf("told %q", w.lines)
	}
	w.lose = errors.New("the disk is full")
	w.why.Store("")
	w.turn(time.Minute, r)
	w.lose = nil
	w.turn(time.Minute, r)
	if len(w.lines) != 2 || !strings.Contains(w.lines[1], "resolved") {
		t.Errorf("told %q", w.lines)
	}
}

func TestACheckThatIsRemovedEndsItsAlarm(t *testing.T) {
	w := newWorld(t)
	r := w.runner(shop)
	w.why.Store("the connection is refused")
	for range 3 {
		w.turn(time.Minute, r)
	}
	w.runner()
	if len(w.lines) != 2 || !strings.Contains(w.lines[1], "resolved Shop fails") {
		t.Errorf("told %q", w.lines)
	}
	w.turn(time.Minute, w.runner())
	if n := w.tried.Load(); n != 3 {
		t.Errorf("tried %d times", n)
	}
}

func TestWhatIsCutOffByTheEndOfTheProgramIsNoFailure(t *testing.T) {
	w := newWorld(t)
	r := w.runner(shop)
	ctx, cancel := context.WithCancel(t.Context())
	r.Try = func(context.Context, Check) string { cancel(); return "context canceled" }
	var under sync.WaitGroup
	if err := r.round(ctx, &under); err != nil {
		t.Fatal(err)
	}
	under.Wait()
	err := w.store.Read(t.Context(), func(rd *storage.Reader) error {
		s, err := rd.CheckState("Shop")
		if s.Failures != 0 || !s.Last.IsZero() {
			t.Errorf("%+v", s)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRunGoesRoundUntilItsEnd(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	r := w.runner(shop)
	r.Try = func(context.Context, Check) string {
		if w.tried.Add(1) == 2 {
			cancel()
		} else {
			w.clock.Advance(time.Minute)
		}
		return ""
	}
	if err := r.Run(ctx); !errors.Is(err, context.Canceled) || w.tried.Load() != 2 {
		t.Errorf("%v after %d", err, w.tried.Load())
	}
}
