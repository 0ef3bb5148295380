package slackio

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
)

// TestADirectConversationIsOpenedOnce tells one person three things. When Slack does
// not know the conversation any more, it is opened anew.
func TestADirectConversationIsOpenedOnce(t *testing.T) {
	var opened atomic.Int64
	var gone sync.Map
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		switch {
		case strings.HasSuffix(r.URL.Path, "/conversations.open"):
			_, _ = fmt.Fprintf(w, `{"ok":true,"channel":{"id":"D%d"}}`, opened.Add(1))
		default:
			if _, yes := gone.Load(r.Form.Get("channel")); yes {
				_, _ = io.WriteString(w, `{"ok":false,"error":"channel_not_found"}`)
				return
			}
			_, _ = fmt.Fprintf(w, `{"ok":true,"channel":%q,"ts":"1.0"}`, r.Form.Get("channel"))
		}
	})
	c := plainClient(t, address, nil)
	c.opts.Book = texts(t)
	tell := func(want string) {
		t.Helper()
		sent, err := c.Post(t.Context(), outbound.Post{To: outbound.Place{User: "U1"}, Say: incident.Say{ID: "refuse.verb"}})
		if err != nil || sent.Channel != want {
			t.Errorf("sent %+v, %v; want %s", sent, err, want)
		}
	}
	tell("D1")
	tell("D1")
	if n := opened.Load(); n != 1 {
		t.Errorf("opened %d times", n)
	}
	gone.Store("D1", true)
	tell("D2")
}

// scarce is a limit that lets nobody call history twice within a second.
type scarce struct {
	mu   sync.Mutex
	next time.Time
}

func (s *scarce) Reserve(_ context.Context, b []outbound.Bucket) (time.Duration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !strings.HasSuffix(b[0].Name, "history") {
		return 0, nil
	}
	if wait := time.Until(s.next); wait > 0 {
		return wait, nil
	}
	s.next = time.Now().Add(time.Second)
	return 0, nil
}

func (s *scarce) Block(context.Context, string, time.Time) error { return nil }

// slackOf is a Slack without a network.
type slackOf func(method string, form url.Values) string

func (s slackOf) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(s(path.Base(r.URL.Path), form)))}, nil
}

// TestManyLooksEnd has thirty steps that may have been taken look for their message, which
// takes several calls each, of a method that is scarce. A try either finds out or is put
// off before it has begun: hardly any is sent away in the middle, with all its calls in vain.
func TestManyLooksEnd(t *testing.T) {
	const steps, pages = 30, 4
	book := texts(t)
	synctest.Test(t, func(t *testing.T) {
		var calls, posts atomic.Int64
		c, err := New(Options{
			Token: "xoxb-test", APIURL: "http://slack.test/api/", Now: time.Now, Wall: time.Now, Book: book, Limits: &scarce{}, Log: slog.New(slog.DiscardHandler),
			Sleep: rest, Transport: slackOf(func(method string, form url.Values) string {
				if method != "conversations.history" {
					posts.Add(1)
					return `{"ok":true,"channel":"C1","ts":"1.0"}`
				}
				calls.Add(1)
				next := map[string]string{"": "2", "2": "3", "3": "4", "4": ""}[form.Get("cursor")]
				return fmt.Sprintf(`{"ok":true,"messages":[],"has_more":%t,"response_metadata":{"next_cursor":%q}}`, next != "", next)
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		const least = steps * findLooks * pages
		ctx, cancel := context.WithTimeout(t.Context(), 3*least*time.Second)
		defer cancel()
		var all sync.WaitGroup
		for range steps {
			all.Go(func() {
				for {
					_, err := c.Post(ctx, outbound.Post{To: outbound.Place{Channel: "C1"}, Say: incident.Say{ID: "refuse.verb"}, Again: true})
					f := outbound.FailureOf(err)
					if f == nil {
						return
					}
					if f.End != outbound.Delayed {
						t.Errorf("%+v", f)
						return
					}
					if rest(ctx, f.Wait) != nil {
						return
					}
				}
			})
		}
		all.Wait()
		if n := posts.Load(); n != steps {
			t.Errorf("%d of %d steps ended within %s", n, steps, 3*least*time.Second)
		}
		if n := calls.Load(); n < least || n > 2*least {
			t.Errorf("%d calls, where %d would do", n, least)
		}
	})
}

func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
	return ctx.Err()
}
