package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// stage is a Slack and a PagerDuty, with a hand on every call that the program makes to them.
type stage struct {
	t     testing.TB
	slack *slackfake.Workspace
	pager *pagerfake.Account
	users []string // Slack's ids
	room  string   // the announcement channel
	env   map[string]string

	hook atomic.Pointer[hook]
}

// people are who types, and who is invited and paged.
var people = []string{"ana", "ben", "cleo", "dan", "eve"}

// together lets short forms run beside each other, since they mostly wait. Full ones measure, and run alone.
func together(t *testing.T) {
	if Count(0, 1) == 0 {
		t.Parallel()
	}
}

// hook does something in the middle of a call: before or after it was carried out, and in either case without an answer.
type hook struct {
	left  atomic.Int64 // calls until it does
	after bool
	do    func()
}

func newStage(t testing.TB) *stage {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	s := &stage{t: t, slack: slackfake.New(slackfake.Options{Now: time.Now, Seed: Seed()})}
	s.pager = pagerfake.New(pagerfake.Options{Now: time.Now, Seed: Seed()})
	s.pager.AddUser(pagerfake.User{Name: "rollcall", Email: "rollcall@example.org"})
	var first string
	for n, name := range people {
		mail := name + "@example.org"
		s.users = append(s.users, s.slack.AddUser(slackfake.User{Name: name, RealName: name, Email: mail, TZ: "UTC"}))
		if id := s.pager.AddUser(pagerfake.User{Name: name, Email: mail}); n == 0 {
			first = id
		}
	}
	s.room = s.slack.AddChannel("incidents", false, s.users[0], append(s.users[1:], s.slack.Identity().BotUserID)...)
	key := strings.Repeat("e", 32)
	service := s.pager.AddService(pagerfake.Service{Name: "checkout", OnCall: []string{first}, RoutingKey: key})
	pager := s.serve(ctx, s.pager)
	s.slack.SetURL(s.serve(ctx, s.slack))
	s.env = map[string]string{
		"SLACK_API_URL": s.slack.APIURL(), "SLACK_BOT_TOKEN": s.slack.BotToken(), "SLACK_SIGNING_SECRET": s.slack.SigningSecret(),
		"PAGERDUTY_API_TOKEN": s.pager.Token(), "PAGERDUTY_FROM": "rollcall@example.org", "PAGERDUTY_SERVICE_ID": service,
		"PAGERDUTY_ROUTING_KEY": key, "PAGERDUTY_API_URL": pager, "PAGERDUTY_EVENTS_URL": pager,
	}
	return s
}

// serve serves a stand-in, with our hand on each call.
func (s *stage) serve(ctx context.Context, h http.Handler) (base string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k := s.hook.Load()
		if k == nil || k.left.Add(-1) != 0 {
			h.ServeHTTP(w, r)
			return
		}
		if k.after {
			h.ServeHTTP(httptest.NewRecorder(), r)
		}
		k.do()
		panic(http.ErrAbortHandler) // the standard library's own way to end a connection
	})}
	go func() { _ = server.Serve(l) }()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return "http://" + l.Addr().String()
}

// inside arms the hook for the nth call from now on.
func (s *stage) inside(nth int, after bool, do func()) {
	k := &hook{after: after, do: do}
	k.left.Store(int64(nth))
	s.hook.Store(k)
}

// dice are one seed's random numbers, for several goroutines.
type dice struct {
	mu sync.Mutex
	r  *rand.Rand
}

func newDice(seed int64) *dice {
	return &dice{r: rand.New(rand.NewPCG(uint64(seed), 0))}
}

// upTo is a number from 0 to n-1.
func (d *dice) upTo(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.IntN(n)
}

func (d *dice) between(low, high time.Duration) time.Duration {
	return low + time.Duration(d.upTo(int(high-low)))
}

// words are unlike any other words: similar tasks are asked about.
func (d *dice) words() string {
	var b strings.Builder
	for range 3 {
		for range 9 {
			b.WriteByte(byte('a' + d.upTo(26)))
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// token is a word that stands in one command only.
func token(n int64) string { return fmt.Sprintf("xq%07dqx", n) }
