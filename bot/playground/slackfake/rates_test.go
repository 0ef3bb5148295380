package slackfake

import (
	"errors"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func asLimited(err error, to **slack.RateLimitedError) bool { return errors.As(err, to) }

func TestStrictRates(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.StrictRates = true })
	ctx := t.Context()
	post := func() error {
		_, _, err := w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText("x", false))
		return err
	}
	for range channelBurst {
		ok(t, post())
	}
	var limited *slack.RateLimitedError
	if err := post(); !asLimited(err, &limited) || limited.RetryAfter != time.Second {
		t.Fatalf("the sixth message in a moment gave %v", err)
	}
	if len(w.Violations()) != 0 {
		t.Error("a violation before anybody was told to wait")
	}
	if err := post(); !asLimited(err, &limited) || len(w.Violations()) != 1 || w.Violations()[0].Key != "chat.postMessage "+w.ops {
		t.Errorf("a call before Retry-After ended: %v, %+v", err, w.Violations())
	}
	_, _, err := w.api.PostMessageContext(ctx, w.ana, slack.MsgOptionText("elsewhere", false))
	ok(t, err) // other channels go on
	w.clock.Advance(time.Second)
	ok(t, post())
	for range tier2 + tier2/tolerancePerMin {
		_, err := w.api.SetTopicOfConversationContext(ctx, w.ops, "x")
		ok(t, err)
	}
	if _, err := w.api.SetTopicOfConversationContext(ctx, w.ops, "x"); !asLimited(err, &limited) || limited.RetryAfter != time.Minute {
		t.Errorf("above tier 2: %v", err)
	}
	w.clock.Advance(time.Minute)
	_, err = w.api.SetTopicOfConversationContext(ctx, w.ops, "x")
	ok(t, err)
	if len(w.Violations()) != 1 {
		t.Errorf("violations %+v", w.Violations())
	}
}

func TestReconnectStorm(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.StrictRates = true })
	api := slack.New("", slack.OptionAPIURL(w.APIURL()), slack.OptionAppLevelToken(w.AppToken()))
	for n := range 5 {
		_, _, err := api.StartSocketModeContext(t.Context())
		var limited *slack.RateLimitedError
		if storm := n >= tier1+toleranceLeast; asLimited(err, &limited) != storm {
			t.Errorf("connection %d in a moment: %v", n+1, err)
		}
	}
	w.clock.Advance(time.Minute)
	_, _, err := api.StartSocketModeContext(t.Context())
	ok(t, err)
}
