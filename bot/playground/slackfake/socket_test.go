package slackfake

import (
	"context"
	"encoding/json"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// socketBot is a bot on Slack's own client for Socket Mode.
type socketBot struct {
	mu     sync.Mutex
	seen   []socketmode.Event
	answer func(socketmode.Event) any
	mute   bool
}

func (b *socketBot) run(ctx context.Context, w *testWorld) {
	api := slack.New(w.BotToken(), slack.OptionAppLevelToken(w.AppToken()), slack.OptionAPIURL(w.APIURL()))
	client := socketmode.New(api)
	go func() { _ = client.RunContext(ctx) }()
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-client.Events:
				if e.Request == nil || e.Request.EnvelopeID == "" {
					continue
				}
				b.mu.Lock()
				b.seen = append(b.seen, e)
				answer, mute := b.answer, b.mute
				b.mu.Unlock()
				var payload any
				if answer != nil {
					payload = answer(e)
				}
				if !mute {
					_ = client.AckCtx(ctx, e.Request.EnvelopeID, payload)
				}
			}
		}
	}()
}

func (b *socketBot) last() socketmode.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seen[len(b.seen)-1]
}

func TestSocketMode(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	b := &socketBot{answer: func(e socketmode.Event) any {
		if e.Type == socketmode.EventTypeSlashCommand {
			return map[string]string{"response_type": "ephemeral", "text": "INC-1"}
		}
		return nil
	}}
	b.run(ctx, w)
	ok(t, w.WaitFor(ctx, func() bool { return w.Sockets() == 1 }))
	a, err := w.Actor("ana").Slash(ctx, "ops", "/incident", "open @ben.b")
	ok(t, err)
	cmd, is := b.last().Data.(slack.SlashCommand)
	if a.Text() != "INC-1" || a.Via != SocketMode || !is || cmd.Text != "open <@"+w.ben+"|ben.b>" || !b.last().Request.AcceptsResponsePayload {
		t.Errorf("answer %+v to %+v", a, cmd)
	}
	if seen := w.Ephemerals(w.ana); len(seen) != 1 || seen[0].Text != "INC-1" {
		t.Errorf("ana sees %+v", seen)
	}
	m, err := w.Actor("ana").Mention(ctx, "ops", "", "list")
	ok(t, err)
	e, is := b.last().Data.(slackevents.EventsAPIEvent)
	if !is || e.InnerEvent.Type != "app_mention" || b.last().Request.AcceptsResponsePayload {
		t.Errorf("event %+v", b.last())
	}
	a, err = w.Actor("ana").Shortcut(ctx, "add_to_timeline", "ops", m.TS)
	ok(t, err)
	i, is := b.last().Data.(slack.InteractionCallback)
	if a.Error != "" || !is || i.CallbackID != "add_to_timeline" || i.Message.Timestamp != m.TS {
		t.Errorf("shortcut %+v", b.last())
	}
	d := w.Deliveries()
	again, err := w.Repeat(ctx, d[1].ID, SocketMode)
	ok(t, err)
	if again.Error != "" || string(b.last().Request.Payload) != string(d[1].Payload) {
		t.Errorf("a repeat over the socket: %+v", again)
	}

	w.AskToReconnect("refresh_requested")
	ok(t, w.WaitFor(ctx, func() bool { return w.Sockets() == 1 }))
	a, err = w.Actor("ana").Slash(ctx, "ops", "/incident", "list")
	ok(t, err)
	if a.Text() != "INC-1" {
		t.Errorf("after the reconnection: %+v", a)
	}
	if n := len(w.Calls("apps.connections.open")); n != 2 {
		t.Errorf("%d connections were asked for", n)
	}
}

func TestSocketTickets(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	if a, err := w.Actor("ana").Slash(ctx, "ops", "/incident", "list"); err != nil || a.Error != "dispatch_failed" {
		t.Errorf("without a socket: %+v %v", a, err)
	}
	_, _, err := slack.New(w.BotToken(), slack.OptionAPIURL(w.APIURL()), slack.OptionAppLevelToken(w.BotToken())).StartSocketModeContext(ctx)
	refused(t, err, "not_allowed_token_type")
	api := slack.New("", slack.OptionAPIURL(w.APIURL()), slack.OptionAppLevelToken(w.AppToken()))
	open := func(address string) (frame obj, conn *websocket.Conn, err error) {
		conn, resp, err := websocket.DefaultDialer.DialContext(ctx, address, nil)
		if resp != nil && resp.Body != nil {
			_ = resp.Body.Close()
		}
		if err != nil {
			return nil, nil, err
		}
		t.Cleanup(func() { _ = conn.Close() })
		return frame, conn, conn.ReadJSON(&frame)
	}
	for n := range socketLimit + 1 {
		_, address, err := api.StartSocketModeContext(ctx)
		ok(t, err)
		frame, _, err := open(address)
		ok(t, err)
		switch {
		case n < socketLimit && (frame["type"] != "hello" || frame["num_connections"] != float64(n+1)):
			t.Errorf("socket %d: %v", n+1, frame)
		case n == socketLimit && frame["reason"] != "too_many_websockets":
			t.Errorf("the eleventh socket: %v", frame)
		}
		if _, _, err := open(address); err == nil {
			t.Error("an address worked twice")
		}
	}
	w.SetDown(true)
	if w.Sockets() != 0 {
		t.Errorf("%d sockets on a Slack that is down", w.Sockets())
	}
}

func TestEventNotTakenOverSocket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	b := &socketBot{mute: true}
	b.run(ctx, w)
	ok(t, w.WaitFor(ctx, func() bool { return w.Sockets() == 1 }))
	_, err := w.Actor("ana").Mention(ctx, "ops", "", "list")
	ok(t, err)
	if a := w.Deliveries()[0].Attempts; len(a) != 1 || a[0].Error != "operation_timeout" {
		t.Errorf("attempts %+v", a)
	}
	b.mu.Lock()
	b.mute = false
	b.mu.Unlock()
	if n := w.RedeliverEvents(ctx); n != 1 {
		t.Errorf("%d taken the second time", n)
	}
	if r := b.last().Request; r.RetryAttempt != 1 || r.RetryReason != "http_timeout" {
		t.Errorf("the retry says %+v", r)
	}
	var first, second struct {
		EventID string `json:"event_id"`
	}
	ok(t, json.Unmarshal(b.seen[0].Request.Payload, &first))
	ok(t, json.Unmarshal(b.last().Request.Payload, &second))
	if first.EventID != second.EventID || first.EventID == "" {
		t.Errorf("event ids %q and %q", first.EventID, second.EventID)
	}
}

func TestFrozenSocket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := &socketBot{}
	b.run(t.Context(), w)
	ok(t, w.WaitFor(t.Context(), func() bool { return w.Sockets() == 1 }))
	w.FreezeSockets(true)
	a, err := w.Actor("ana").Slash(t.Context(), "ops", "/incident", "list")
	ok(t, err)
	if a.Error != "operation_timeout" {
		t.Errorf("a silent socket gave %+v", a)
	}
	w.FreezeSockets(false)
	a, err = w.Actor("ana").Slash(t.Context(), "ops", "/incident", "list")
	ok(t, err)
	if a.Error != "" {
		t.Errorf("after the silence: %+v", a)
	}
}
