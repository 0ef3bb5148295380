package slackfake

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func (w *testWorld) say(ctx context.Context) error {
	_, _, err := w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText("x", false))
	return err
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		fault Fault
		done  bool // carried out although the caller was told no, or nothing
		is    func(error) bool
	}{
		{Fault{Kind: Status}, false, statusOf(500)},
		{Fault{Kind: Status, Code: 503}, false, statusOf(503)},
		{Fault{Kind: BodyError, Error: "fatal_error"}, false, codeOf("fatal_error")},
		{Fault{Kind: BodyError}, false, codeOf("internal_error")},
		{Fault{Kind: ErrorDone, Error: "fatal_error"}, true, codeOf("fatal_error")},
		{Fault{Kind: Limited, RetryAfter: 7}, false, func(err error) bool {
			var e *slack.RateLimitedError
			return errors.As(err, &e) && e.RetryAfter == 7*time.Second
		}},
		{Fault{Kind: Reset}, false, unclear},
		{Fault{Kind: LostReply}, true, unclear},
		{Fault{Kind: Garbled}, true, unclear},
		{Fault{Kind: Hang}, false, timedOut},
		{Fault{Kind: Slow, Delay: time.Hour}, false, timedOut},
		{Fault{Kind: SlowReply, Delay: time.Hour}, true, timedOut},
	} {
		t.Run(string(c.fault.Kind), func(t *testing.T) {
			w := newWorld(t)
			c.fault.Method, c.fault.Times = "chat.postMessage", 1
			w.Inject(c.fault)
			if _, err := w.api.AuthTestContext(t.Context()); err != nil {
				t.Errorf("another method failed: %v", err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if err := w.say(ctx); !c.is(err) {
				t.Errorf("got %v", err)
			}
			ok(t, w.WaitFor(t.Context(), func() bool { return len(w.Calls("chat.postMessage")) == 1 }))
			entry := w.Calls("chat.postMessage")[0]
			if entry.OK != (c.fault.Kind == SlowReply) || entry.Done != c.done || entry.Fault != string(c.fault.Kind) || (w.MessageCount("ops") == 1) != c.done {
				t.Errorf("ledger %+v with %d messages", entry, w.MessageCount("ops"))
			}
			w.clock.Advance(time.Minute)
			ok(t, w.say(t.Context()))
		})
	}
}

func statusOf(code int) func(error) bool {
	return func(err error) bool {
		var e slack.StatusCodeError
		return errors.As(err, &e) && e.Code == code
	}
}

func codeOf(code string) func(error) bool {
	return func(err error) bool {
		var e slack.SlackErrorResponse
		return errors.As(err, &e) && e.Err == code
	}
}

func timedOut(err error) bool { return errors.Is(err, context.DeadlineExceeded) }

// unclear is a failure of the connection: neither yes nor no.
func unclear(err error) bool {
	var e slack.SlackErrorResponse
	return err != nil && !errors.As(err, &e) && !timedOut(err)
}

func TestFaultsComeAndGo(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Seed = 7 })
	ctx := t.Context()
	w.Inject(Fault{Kind: BodyError, Skip: 1, Times: 2})
	for n, fails := range []bool{false, true, true, false} {
		if err := w.say(ctx); (err != nil) != fails {
			t.Errorf("call %d: %v", n+1, err)
		}
	}
	remove := w.Inject(Fault{Kind: BodyError, Chance: 0.5})
	failed := 0
	for range 200 {
		if w.say(ctx) != nil {
			failed++
		}
	}
	if failed < 60 || failed > 140 {
		t.Errorf("%d of 200 failed at even odds", failed)
	}
	remove()
	ok(t, w.say(ctx))
	w.Inject(Fault{Kind: Status})
	w.SetDown(true)
	if err := w.say(ctx); !unclear(err) {
		t.Errorf("down, but: %v", err)
	}
	w.Heal()
	ok(t, w.say(ctx))
}

func TestRetryAfterIsWatched(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.Inject(Fault{Kind: Limited, RetryAfter: 10, Times: 1})
	var limited *slack.RateLimitedError
	if err := w.say(ctx); !asLimited(err, &limited) {
		t.Fatal(err)
	}
	w.clock.Advance(9 * time.Second)
	if err := w.say(ctx); !asLimited(err, &limited) || limited.RetryAfter != time.Second {
		t.Errorf("a second too early: %v", err)
	}
	if v := w.Violations(); len(v) != 1 || v[0].Key != "chat.postMessage" || !v[0].Until.Equal(t0.Add(10*time.Second)) {
		t.Errorf("violations %+v", v)
	}
	_, err := w.api.AuthTestContext(ctx) // other methods go on
	ok(t, err)
	w.clock.Advance(time.Second)
	ok(t, w.say(ctx))
	if len(w.Violations()) != 1 {
		t.Errorf("violations %+v", w.Violations())
	}
}

func TestFaultsOfUploadsAndResponseURLs(t *testing.T) {
	w := newWorld(t)
	w.Inject(Fault{Method: "upload", Kind: Status, Times: 1})
	w.Inject(Fault{Method: "response_url", Kind: LostReply, Times: 1})
	u, err := w.api.GetUploadURLExternalContext(t.Context(), slack.GetUploadURLExternalParameters{FileName: "x", FileSize: 1})
	ok(t, err)
	params := slack.UploadToURLParameters{UploadURL: u.UploadURL, Content: "1", Filename: "x"}
	if err := w.api.UploadToURL(t.Context(), params); !statusOf(http.StatusInternalServerError)(err) {
		t.Errorf("upload: %v", err)
	}
	ok(t, w.api.UploadToURL(t.Context(), params))
	b := withBot(t, w, nil)
	lastTrigger(t, w, b)
	address := w.base() + onlyHook(w)
	if err := slack.PostWebhookContext(t.Context(), address, &slack.WebhookMessage{Text: "hi"}); !unclear(err) {
		t.Errorf("response URL: %v", err)
	}
	if seen := w.Ephemerals(w.ana); len(seen) != 1 || seen[0].Text != "hi" {
		t.Errorf("a lost reply was not carried out: %+v", seen)
	}
}

func onlyHook(w *testWorld) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for path := range w.state.hooks {
		return path
	}
	return ""
}

func TestRestartedChannelIsFound(t *testing.T) {
	w := newWorld(t)
	w.Inject(Fault{Method: "conversations.create", Kind: LostReply, Times: 1})
	create := func() error {
		_, err := w.api.CreateConversationContext(t.Context(), slack.CreateConversationParams{ChannelName: "inc-1"})
		return err
	}
	if err := create(); !unclear(err) {
		t.Fatal(err)
	}
	refused(t, create(), "name_taken")
	if w.Done("conversations.create") != 1 {
		t.Errorf("%d channels were made", w.Done("conversations.create"))
	}
}

func TestFaultPicksCalls(t *testing.T) {
	w := newWorld(t)
	w.Inject(Fault{Kind: BodyError, Match: func(c Call) bool { return c.Args["text"] == "bad" }})
	ok(t, w.say(t.Context()))
	_, _, err := w.api.PostMessageContext(t.Context(), w.ops, slack.MsgOptionText("bad", false))
	refused(t, err, "internal_error")
}
