package report_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/report"
)

// bubble is the clock of a synctest bubble.
type bubble struct{}

func (bubble) Now() time.Time { return time.Now() }

func (bubble) Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
	return ctx.Err()
}

// told is what a place was told.
type told struct {
	mu     sync.Mutex
	what   []outbound.Trouble
	counts []int
	fails  error
	panics bool
}

func (p *told) place() report.Place {
	return report.Place{Name: "test", Tell: func(_ context.Context, t outbound.Trouble, count int) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.what, p.counts = append(p.what, t), append(p.counts, count)
		if p.panics {
			panic("in a report")
		}
		return p.fails
	}}
}

func (p *told) sum() (messages, troubles int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.counts {
		troubles += n
	}
	return len(p.counts), troubles
}

func start(t *testing.T, places ...*told) *report.Reporter {
	t.Helper()
	var list []report.Place
	for _, p := range places {
		list = append(list, p.place())
	}
	r := report.New(bubble{}, slog.New(slog.DiscardHandler), list...)
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	go func() { _ = r.Run(ctx) }()
	return r
}

func TestAStormIsAMessageAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		place := &told{}
		r := start(t, place)
		for n := range 1000 { // within 100 seconds
			r.Report(outbound.Trouble{Kind: []string{"job drain", "step post"}[n%2], What: "panic"})
			<-time.After(100 * time.Millisecond) // of the bubble
		}
		<-time.After(5 * time.Minute) // of the bubble
		synctest.Wait()
		if messages, troubles := place.sum(); messages > 6 || troubles != 1000 {
			t.Errorf("%d messages tell of %d troubles, want at most 6 of 1000", messages, troubles)
		}
	})
}

func TestWhatCannotBeToldIsNeitherLostAtOnceNorLoops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		well, ill := &told{}, &told{fails: errors.New("no such channel")}
		r := start(t, well, ill)
		r.Report(outbound.Trouble{Kind: "write", What: "panic"})
		<-time.After(24 * time.Hour) // of the bubble
		synctest.Wait()
		if messages, _ := well.sum(); messages != 1 {
			t.Errorf("the place that works was told %d times", messages)
		}
		if messages, _ := ill.sum(); messages < 2 || messages > 10 {
			t.Errorf("the place that does not was tried %d times", messages)
		}
	})
}

func TestAPanicWhileTellingEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		place := &told{panics: true}
		r := start(t, place)
		for range 3 {
			r.Report(outbound.Trouble{Kind: "write", What: "panic"})
			<-time.After(2 * time.Minute) // of the bubble
		}
		synctest.Wait()
		if messages, _ := place.sum(); messages < 3 {
			t.Errorf("told %d times", messages)
		}
	})
}

func TestKindsThatStrangersMakeUpAreOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		place := &told{}
		r := start(t, place)
		for n := range 1000 {
			r.Report(outbound.Trouble{Kind: strings.Repeat("x", n), What: "panic"})
		}
		<-time.After(2 * time.Minute) // of the bubble
		synctest.Wait()
		if messages, troubles := place.sum(); messages > 102 || troubles != 1000 {
			t.Errorf("%d messages of %d troubles", messages, troubles)
		}
	})
}

const canary = "canary-title-of-a-private-incident"

// secrets are what must not be in a report.
var secrets = []string{canary, "xoxb-" + "canary", "canary-api-token"}

func TestNothingThatAPersonTypedReachesSentry(t *testing.T) {
	var mu sync.Mutex
	var got strings.Builder
	sentry := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // what came is looked at below
		mu.Lock()
		defer mu.Unlock()
		got.WriteString(r.URL.Path + "\n")
		got.Write(body)
		_, _ = io.WriteString(w, `{"id":"1"}`)
	}))
	defer sentry.Close()
	t.Setenv("SLACK_BOT_TOKEN", secrets[1])
	t.Setenv("ROLLCALL_API_TOKEN", secrets[2])
	dsn := strings.Replace(sentry.URL, "http://", "http://key@", 1) + "/1"
	place, err := report.Sentry(dsn, "v1", func(context.Context, outbound.Trouble) string { return "INC-7" })
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []any{canary, errors.New(canary + " " + secrets[1]), struct{ Token string }{secrets[2]}} {
		if err := place.Tell(t.Context(), outbound.Panicked("job drain", p, crash(canary)), 3); err != nil {
			t.Fatal(err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for _, secret := range secrets {
		if strings.Contains(got.String(), secret) {
			t.Errorf("%s is in what was sent: %s", secret, got.String())
		}
	}
	for _, want := range []string{"/api/1/envelope/", "job drain: panic: ", `"incident":"INC-7"`, "report_test.go"} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("%q is not in what was sent: %s", want, got.String())
		}
	}
}

// crash is the stack of a panic in a function that was given text.
func crash(text string) (stack []byte) {
	defer func() {
		if recover() != nil {
			stack = debug.Stack()
		}
	}()
	panic(text)
}

func TestASentryThatIsNotThereIsAnErrorAndNoWait(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	place, err := report.Sentry(strings.Replace(gone.URL, "http://", "http://key@", 1)+"/1", "v1", func(context.Context, outbound.Trouble) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if err := place.Tell(t.Context(), outbound.Trouble{Kind: "write"}, 1); err == nil {
		t.Error("a report that nobody took is told to have arrived")
	}
	if _, err := report.Sentry("https://"+secrets[2]+"@", "v1", nil); err == nil || strings.Contains(err.Error(), secrets[2]) {
		t.Errorf("got %v", err)
	}
}
