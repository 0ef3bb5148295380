package jobs_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

const hookAddress = "https://rollcall.example/pagerduty/webhooks"

// refusing is an account that refuses whatever is asked.
type refusing struct{ account }

func (r *refusing) OnCall(context.Context, []string) ([]outbound.OnCall, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rounds++
	return nil, &outbound.Failure{End: outbound.Refused, Step: "GET /services/{id}", Code: "http_401", Fix: "Set PAGERDUTY_API_TOKEN.", Err: errors.New("no")}
}

// stuck is an account whose subscription cannot be enabled while it is.
type stuck struct {
	account
	is bool
}

func (s *stuck) Enable(ctx context.Context, id string) error {
	s.mu.Lock()
	is := s.is
	s.mu.Unlock()
	if is {
		return &outbound.Failure{End: outbound.Refused, Step: "POST /webhook_subscriptions/{id}/enable", Code: "http_403", Err: errors.New("no")}
	}
	return s.account.Enable(ctx, id)
}

func (s *stuck) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// about are the messages of a channel that say something of PagerDuty, as they read now.
func (w *world) about(channel string) (all []string) {
	for _, m := range w.slack.Messages(channel) {
		if strings.Contains(m.Plain(), "*PagerDuty") {
			all = append(all, m.Text)
		}
	}
	return all
}

// shows waits until the one message about PagerDuty says something.
func (w *world) shows(channel, words string) {
	w.t.Helper()
	w.eventually("#"+channel+" shows "+words, func() bool {
		w.clock.advance(10 * time.Second)
		all := w.about(channel)
		return len(all) == 1 && strings.Contains(all[0], words)
	})
}

func TestTroubleThatLastsIsOneMessage(t *testing.T) {
	w := newWorld(t)
	told := make(chan []outbound.Trouble, 1)
	told <- nil
	a := &stuck{is: true, account: account{hooks: []outbound.Subscription{{ID: "PW1", URL: hookAddress, Disabled: true}}}}
	// The channel hears of it although the reply to the message is lost.
	w.slack.Inject(slackfake.Fault{Method: "chat.postMessage", Kind: slackfake.LostReply, Times: 1})
	w.work(func(o *jobs.Options) {
		o.Upkeep = &jobs.Upkeep{Pager: a, Webhook: hookAddress}
		o.Report = func(one outbound.Trouble) { told <- append(<-told, one) }
	})
	w.shows("incidents", "it could not be enabled again")
	a.set(func() { a.is = false })
	w.shows("incidents", "it is enabled again")
	w.shows("incidents", "over since")
	// Again within the hour: the same message, which says so.
	a.set(func() { a.hooks[0].Disabled = true })
	w.shows("incidents", "it is enabled again")
	w.shows("incidents", "over since")
	// The next day it is news.
	w.clock.advance(24 * time.Hour)
	a.set(func() { a.hooks[0].Disabled = true })
	w.eventually("a second message", func() bool { w.clock.advance(10 * time.Second); return len(w.about("incidents")) == 2 })
	if all := <-told; len(all) != 2 || !all[0].Standing {
		t.Errorf("Sentry is told %+v", all)
	}
}

func TestTroubleThatLastsGoesWhereItShould(t *testing.T) {
	for name, c := range map[string]struct {
		standing jobs.Standing
		channel  string
	}{
		"the announcement channel": {jobs.Standing{}, "incidents"},
		"the channel for it":       {jobs.Standing{Channel: "general"}, "general"},
		"Sentry alone":             {jobs.Standing{Off: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := &refusing{}
			w.work(func(o *jobs.Options) {
				o.Upkeep = &jobs.Upkeep{Pager: a, Webhook: hookAddress, Services: map[string]string{"": "P1"}}
				o.Standing = c.standing
			})
			if c.channel != "" {
				w.shows(c.channel, "it refuses to tell who is on call (http_401)")
				w.shows(c.channel, "Set PAGERDUTY_API_TOKEN.")
				return
			}
			w.eventually("it is asked", func() bool { a.mu.Lock(); defer a.mu.Unlock(); return a.rounds > 0 })
			w.clock.advance(3 * time.Minute)
			w.eventually("it is asked again", func() bool { a.mu.Lock(); defer a.mu.Unlock(); return a.rounds > 1 })
			if all := slices.Concat(w.about("incidents"), w.about("general")); len(all) > 0 {
				t.Errorf("told: %v", all)
			}
		})
	}
}
