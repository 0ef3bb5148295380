package slackfake

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestMessages(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	hostile := "<!channel> & *bold* <@U1> 😀"
	meta := slack.SlackMetadata{EventType: "rollcall", EventPayload: map[string]any{"op": "op-1"}}
	_, first, err := w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText(hostile, false), slack.MsgOptionMetadata(meta))
	ok(t, err)
	_, second, err := w.api.PostMessageContext(ctx, "#ops", slack.MsgOptionText("two", false))
	ok(t, err)
	if first >= second || first != "1772442000.000000" {
		t.Errorf("stamps %s %s", first, second)
	}
	if m := w.Messages("ops"); len(m) != 2 || m[0].Text != hostile || !m[0].App {
		t.Errorf("messages %+v", m)
	}
	page, err := w.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: w.ops, Oldest: "1772441999.999999", IncludeAllMetadata: true,
	})
	ok(t, err)
	newest, oldest := page.Messages[0], page.Messages[len(page.Messages)-1]
	if newest.Text != "two" || oldest.Metadata.EventPayload["op"] != "op-1" || oldest.BotID != w.Identity().BotID {
		t.Errorf("history %+v", page.Messages)
	}
	_, reply, err := w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText("in thread", false), slack.MsgOptionTS(first))
	ok(t, err)
	thread, _, _, err := w.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: w.ops, Timestamp: first})
	ok(t, err)
	if len(thread) != 2 || thread[0].ReplyCount != 1 || thread[1].Timestamp != reply || thread[1].ThreadTimestamp != first {
		t.Errorf("thread %+v", thread)
	}
	page, err = w.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: w.ops})
	ok(t, err)
	for _, m := range page.Messages {
		if m.Timestamp == reply {
			t.Error("history shows a thread reply")
		}
		if m.Metadata.EventType != "" {
			t.Error("metadata without include_all_metadata")
		}
	}
	_, _, _, err = w.api.UpdateMessageContext(ctx, w.ops, first, slack.MsgOptionText("new", false))
	ok(t, err)
	if m := w.Messages("ops")[0]; m.Text != "new" || m.EditedTS == "" || !strings.Contains(string(m.Metadata), "op-1") {
		t.Errorf("after the edit %+v", m)
	}
	_, _, err = w.api.DeleteMessageContext(ctx, w.ops, second)
	ok(t, err)
	_, _, err = w.api.DeleteMessageContext(ctx, w.ops, second)
	refused(t, err, "message_not_found")
	if w.MessageCount("ops") != 2 {
		t.Errorf("%d messages", w.MessageCount("ops"))
	}
	link, err := w.api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: w.ops, Ts: first})
	ok(t, err)
	if link != "https://playground.slack.com/archives/"+w.ops+"/p1772442000000000" {
		t.Errorf("permalink %s", link)
	}
}

func TestMessageRefusals(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	post := func(options ...slack.MsgOption) error {
		_, _, err := w.api.PostMessageContext(ctx, w.ops, options...)
		return err
	}
	refused(t, post(), "no_text")
	refused(t, post(slack.MsgOptionText(strings.Repeat("x", 40_001), false)), "msg_too_long")
	ok(t, post(slack.MsgOptionText(strings.Repeat("x", 40_000), false)))
	refused(t, post(slack.MsgOptionText("x", false), slack.MsgOptionTS("1.000000")), "thread_not_found")
	refused(t, post(slack.MsgOptionText("x", false), slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "e"})), "invalid_metadata_schema")
	own := w.Messages("ops")[0].TS
	theirs, err := w.Actor("ana").Post(ctx, "ops", "", "mine")
	ok(t, err)
	update := func(ts, text string) error {
		_, _, _, err := w.api.UpdateMessageContext(ctx, w.ops, ts, slack.MsgOptionText(text, false))
		return err
	}
	refused(t, update(own, strings.Repeat("x", 4001)), "msg_too_long")
	ok(t, update(own, strings.Repeat("x", 4000)))
	refused(t, update(theirs.TS, "x"), "cant_update_message")
	refused(t, update("1.000000", "x"), "message_not_found")
	_, _, err = w.api.PostMessageContext(ctx, "C9999", slack.MsgOptionText("x", false))
	refused(t, err, "channel_not_found")

	whisper, err := w.api.PostEphemeralContext(ctx, w.ops, w.ana, slack.MsgOptionText("only you", false))
	ok(t, err)
	refused(t, update(whisper, "x"), "message_not_found")
	stranger := w.AddUser(User{Name: "zoe"})
	_, err = w.api.PostEphemeralContext(ctx, w.ops, stranger, slack.MsgOptionText("x", false))
	refused(t, err, "user_not_in_channel")
	if seen := w.Ephemerals(w.ana); len(seen) != 1 || seen[0].Text != "only you" || len(w.Ephemerals(w.ben)) != 0 {
		t.Errorf("ephemerals %+v", seen)
	}
	_, dm, err := w.api.PostMessageContext(ctx, w.ana, slack.MsgOptionText("hello", false))
	ok(t, err)
	if list := w.DirectMessages(w.ana); len(list) != 1 || list[0].TS != dm {
		t.Errorf("direct messages %+v", list)
	}
}

func TestFormAndJSONMeanTheSame(t *testing.T) {
	w := newWorld(t)
	form := url.Values{"token": {w.BotToken()}, "channel": {w.ops}, "text": {"a"}, "blocks": {string(encode([]obj{section(3)}))}}
	resp, err := http.PostForm(w.APIURL()+"chat.postMessage", form)
	ok(t, err)
	_ = resp.Body.Close()
	code, _ := w.raw(t, "chat.postMessage", obj{"channel": w.ops, "text": "a", "blocks": []obj{section(3)}})
	m := w.Messages("ops")
	if code != "" || len(m) != 2 || !bytes.Equal(m[0].Blocks, m[1].Blocks) || m[0].Blocks == nil {
		t.Errorf("%q, %+v", code, m)
	}
	if m[0].Plain() != "a\nxxx" {
		t.Errorf("reads %q", m[0].Plain())
	}
}
