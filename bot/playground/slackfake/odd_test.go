package slackfake

import (
	"bytes"
	"net/http"
	"sync"
	"testing"

	"github.com/slack-go/slack"
)

// TestOddArguments sends every method what nobody should send: it must be refused, not break the connection.
func TestOddArguments(t *testing.T) {
	w := newWorld(t)
	names := []string{
		"channel", "channel_id", "user", "users", "user_id", "ts", "timestamp", "message_ts", "thread_ts", "text", "blocks",
		"attachments", "metadata", "view", "view_id", "trigger_id", "files", "file", "length", "filename", "name", "types",
		"cursor", "limit", "oldest", "latest", "link", "title", "type", "document_content", "external_unique_id", "topic",
	}
	values := []any{
		nil, true, -1, 1e300, "", "x", "[", "[null]", "{}",
		[]any{},
		[]any{nil},
		[]any{1, "a"},
		obj{},
		obj{"type": 1},
		[]any{obj{"type": "section", "text": 1, "fields": "x", "accessory": []any{}}},
		[]any{obj{"type": "actions", "elements": []any{nil, 1, obj{"type": "static_select", "option_groups": []any{1}}}}},
		obj{"type": "modal", "title": 1, "blocks": []any{nil}},
		obj{"type": "home", "blocks": obj{}},
		"9999999999999999999.1", "1.x",
	}
	for method := range methods {
		for _, v := range values {
			args := obj{}
			for _, name := range names {
				args[name] = v
			}
			for _, channel := range []any{v, w.ops} {
				args["channel"], args["channel_id"] = channel, channel
				body := encode(args)
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.APIURL()+method, bytes.NewReader(body))
				ok(t, err)
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("Authorization", "Bearer "+w.BotToken())
				resp, err := http.DefaultClient.Do(req)
				if err != nil || resp.StatusCode != http.StatusOK {
					t.Fatalf("%s with %s: %v", method, body, err)
				}
				_ = resp.Body.Close()
			}
		}
	}
	if len(w.Calls("")) < len(methods)*len(values)*2 {
		t.Error("not every call is in the ledger")
	}
}

func TestEverythingAtOnce(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	withBot(t, w, nil)
	w.Inject(Fault{Kind: LostReply, Chance: 0.2})
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for range 10 {
				_ = w.say(ctx)
				_, _ = w.api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: "race"})
				_, _ = w.Actor("ana").Slash(ctx, "ops", "/incident", "list")
				_ = w.Snapshot()
				_ = w.Sent()
			}
			if n == 0 {
				w.SetScopes(DefaultScopes...)
			}
		})
	}
	group.Wait()
	if w.MessageCount("ops") != 80 || w.Done("chat.postMessage") != 80 || w.Done("conversations.create") != 1 {
		t.Errorf("%d messages, %d carried out, %d channels", w.MessageCount("ops"), w.Done("chat.postMessage"), w.Done("conversations.create"))
	}
	seen := map[string]bool{}
	for _, m := range w.Messages("ops") {
		if seen[m.TS] {
			t.Errorf("the stamp %s is there twice", m.TS)
		}
		seen[m.TS] = true
	}
}
