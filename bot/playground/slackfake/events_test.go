package slackfake

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

func TestEvents(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	status := 200
	b := withBot(t, w, func(string, string) (int, string) { return status, "" })
	m, err := w.Actor("ana").Mention(ctx, "ops", "", "note it is <slow>")
	ok(t, err)
	e, err := slackevents.ParseEvent(json.RawMessage(b.requests("/slack/events")[0]), slackevents.OptionNoVerifyToken())
	ok(t, err)
	mention, isMention := e.InnerEvent.Data.(*slackevents.AppMentionEvent)
	if !isMention || mention.Text != "<@U0BOT> note it is &lt;slow&gt;" || mention.TimeStamp != m.TS || mention.User != w.ana {
		t.Errorf("the bot was told %+v", e.InnerEvent.Data)
	}
	ok(t, w.Actor("ben.b").React(ctx, "ops", m.TS, ":pushpin:"))
	ok(t, w.Actor("ben.b").Unreact(ctx, "ops", m.TS, "pushpin"))
	cleo := w.AddUser(User{Name: "cleo"})
	ok(t, w.Actor(cleo).Join(ctx, "ops"))
	ok(t, w.Actor(cleo).Leave(ctx, "ops"))
	ok(t, w.Settle(ctx))
	var types, ids []string
	for _, d := range w.Deliveries() {
		types, ids = append(types, d.Type), append(ids, d.EventID)
	}
	if got := strings.Join(types, " "); got != "app_mention reaction_added reaction_removed team_join member_joined_channel member_left_channel" {
		t.Errorf("events %s", got)
	}
	if ids[0] == ids[1] || ids[0] == "" {
		t.Errorf("event ids %v", ids)
	}

	status = 503
	ok(t, w.Actor("ana").React(ctx, "ops", m.TS, "eyes"))
	status = 200
	if n := w.RedeliverEvents(ctx); n != 1 {
		t.Errorf("%d events were taken the second time", n)
	}
	if n := w.RedeliverEvents(ctx); n != 0 {
		t.Errorf("%d events were sent although they had been taken", n)
	}
	last := b.got[len(b.got)-1].Header
	if last.Get("X-Slack-Retry-Num") != "1" || last.Get("X-Slack-Retry-Reason") != "http_error" {
		t.Errorf("headers of the retry %v", last)
	}
	before := len(b.requests("/slack/events"))
	a, err := w.Repeat(ctx, 1, HTTP)
	ok(t, err)
	again := b.requests("/slack/events")
	if a.Error != "" || len(again) != before+1 || again[before] != again[0] {
		t.Error("a repeat is not the same payload")
	}
	away := w.AddChannel("away", false, w.ana)
	if _, err := w.Actor("ana").Mention(ctx, away, "", "hello"); err != nil || len(b.requests("/slack/events")) != before+1 {
		t.Errorf("a mention where the bot is not in reached it (%v)", err)
	}
}

func TestVerifyURLs(t *testing.T) {
	w := newWorld(t)
	good := true
	withBot(t, w, func(path, body string) (int, string) {
		var c struct{ Challenge string }
		if path == "/slack/events" && good && json.Unmarshal([]byte(body), &c) == nil {
			return 200, c.Challenge
		}
		return 200, ""
	})
	ok(t, w.VerifyURLs(t.Context()))
	good = false
	if err := w.VerifyURLs(t.Context()); err == nil || !strings.Contains(err.Error(), "challenge") {
		t.Errorf("a bot that says nothing passes: %v", err)
	}
	if n := w.RedeliverEvents(t.Context()); n != 0 {
		t.Errorf("%d answered events were sent again", n)
	}
}

func TestLag(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.SetLag(2 * time.Second)
	w.clock.Advance(5 * time.Second)
	_, err := w.api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: "inc-1"})
	ok(t, err)
	ok(t, w.say(ctx))
	look := func() (channels, messages int) {
		list, _, err := w.api.GetConversationsContext(ctx, &slack.GetConversationsParameters{})
		ok(t, err)
		page, err := w.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: w.ops})
		ok(t, err)
		return len(list), len(page.Messages)
	}
	if c, m := look(); c != 2 || m != 0 {
		t.Errorf("at once %d channels and %d messages", c, m)
	}
	w.clock.Advance(2 * time.Second)
	if c, m := look(); c != 3 || m != 1 {
		t.Errorf("after the lag %d channels and %d messages", c, m)
	}
}

func TestHeldEvents(t *testing.T) {
	w := newWorld(t)
	b := withBot(t, w, nil)
	w.HoldEvents(true)
	m, err := w.Actor("ana").Mention(t.Context(), "ops", "", "list")
	ok(t, err)
	w.HoldEvents(false)
	ok(t, w.Actor("ana").React(t.Context(), "ops", m.TS, "eyes"))
	if got := b.requests("/slack/events"); len(got) != 1 || !strings.Contains(got[0], "reaction_added") {
		t.Errorf("the bot got %v", got)
	}
}
