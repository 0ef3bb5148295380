package slackin_test

import (
	"bytes"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
)

func TestShortcuts(t *testing.T) {
	d := &door{answer: bot.Answer{Kind: bot.Done, Text: "done"}}
	h := serve(d, &bytes.Buffer{})
	sendForm(h, `{"type":"shortcut","callback_id":"open_incident","trigger_id":"1.2.x","team":{"id":"T1"},"user":{"id":"U1"}}`)
	sendForm(h, `{"type":"message_action","callback_id":"add_to_timeline","trigger_id":"1.3.x","team":{"id":"T1","domain":"example"},"user":{"id":"U1"},
		"channel":{"id":"C1"},"api_app_id":"A1","message":{"ts":"5.6","thread_ts":"1.2","user":"U2","text":"a &lt;b&gt;","files":[{"title":"a.png","permalink":"https://example.slack.com/files/a"}]}}`)
	sendForm(h, `{"type":"message_action","callback_id":"make_task","trigger_id":"1.4.x","user":{"id":"U1"},"channel":{"id":"C1"},"api_app_id":"A1",
		"message":{"ts":"5.6","bot_id":"B1","app_id":"A1","text":"a card"}}`)
	if len(d.requests) != 3 {
		t.Fatalf("took in %+v", d.requests)
	}
	if r := d.requests[0]; r.Text != "open" || r.Trigger != "1.2.x" || r.Message != nil || r.ReplyTo == nil {
		t.Errorf("the global one is %+v", r)
	}
	r := d.requests[1]
	if r.Text != bot.PinVerb || r.Message == nil || r.Delivery.ID == "" {
		t.Fatalf("the one on a message is %+v", r)
	}
	m := *r.Message
	if m.Channel != "C1" || m.TS != "5.6" || m.Thread != "1.2" || m.User != "U2" || m.Ours || len(m.Files) != 1 || m.Text != "a &lt;b&gt;" ||
		m.Link != "https://example.slack.com/archives/C1/p56?thread_ts=1.2&cid=C1" {
		t.Errorf("the message is %+v", m)
	}
	if m := d.requests[2].Message; !m.Ours {
		t.Errorf("a card of our own is %+v", m)
	}

	for name, payload := range map[string]string{
		"of another app":          `{"type":"message_action","callback_id":"translate","trigger_id":"1","user":{"id":"U1"},"channel":{"id":"C1"},"message":{"ts":"5.6"}}`,
		"global, but on none":     `{"type":"shortcut","callback_id":"add_to_timeline","trigger_id":"1","user":{"id":"U1"}}`,
		"on a message of no kind": `{"type":"message_action","callback_id":"add_to_timeline","trigger_id":"1","user":{"id":"U1"},"channel":{"id":"C1"},"message":"x"}`,
	} {
		if code, _ := sendForm(h, payload); code != 200 || len(d.requests) != 3 {
			t.Errorf("%s is answered %d, and %d requests were taken in", name, code, len(d.requests))
		}
	}
}
