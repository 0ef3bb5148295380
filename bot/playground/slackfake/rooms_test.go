package slackfake

import (
	"net/url"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestRoomsChange(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Events = append([]string{"message.channels"}, DefaultEvents...) })
	ctx := t.Context()
	b := withBot(t, w, nil)
	made, err := w.api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: "inc-1"})
	ok(t, err)
	renamed, err := w.api.RenameConversationContext(ctx, made.ID, "Inc 1: Slow!")
	ok(t, err)
	if renamed.Name != "inc-1--slow-" {
		t.Errorf("renamed to %q", renamed.Name)
	}
	_, err = w.api.RenameConversationContext(ctx, made.ID, "general")
	refused(t, err, "name_taken")
	_, err = w.api.RenameConversationContext(ctx, w.ops, "mine")
	refused(t, err, "not_authorized") // somebody else made it
	ana := w.Actor("ana")
	ok(t, ana.Join(ctx, made.ID))
	ok(t, ana.Rename(ctx, made.ID, "other"))
	_, ts, err := w.api.PostMessageContext(ctx, made.ID, slack.MsgOptionText("card", false))
	ok(t, err)
	ok(t, w.api.AddPinContext(ctx, made.ID, slack.NewRefToMessage(made.ID, ts)))
	ok(t, ana.DeleteMessage(ctx, made.ID, ts))
	_, _, _, err = w.api.UpdateMessageContext(ctx, made.ID, ts, slack.MsgOptionText("x", false))
	refused(t, err, "message_not_found")
	ok(t, ana.Archive(ctx, made.ID))
	if _, err := ana.Post(ctx, made.ID, "", "x"); err == nil {
		t.Error("wrote into an archived channel")
	}
	ok(t, w.api.UnArchiveConversationContext(ctx, made.ID))
	ok(t, ana.Kick(ctx, made.ID, w.Identity().BotUserID))
	ok(t, w.Settle(ctx))
	ch, _ := w.Channel(made.ID)
	if ch.Name != "other" || len(ch.Pins) != 0 || ch.Archived || len(ch.Members) != 1 {
		t.Errorf("left behind %+v", ch.Channel)
	}
	var types []string
	for _, d := range w.Deliveries() {
		types = append(types, d.Type)
	}
	got := strings.Join(types, " ")
	for _, want := range []string{"channel_rename", "channel_archive", "channel_unarchive", "channel_left", "message"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s among %s", want, got)
		}
	}
	if all := strings.Join(b.requests("/slack/events"), ""); !strings.Contains(all, `"subtype":"message_deleted"`) {
		t.Error("the bot was not told of the deletion")
	}
}

func TestChoicesInViews(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	b := withBot(t, w, nil)
	option := func(v string) obj { return obj{"text": obj{"type": plainText, "text": v}, "value": v} }
	both := []obj{option("a"), option("b")}
	input := func(id string, element obj) obj {
		element["action_id"] = id
		return obj{"type": "input", "block_id": "b-" + id, "optional": true, "label": obj{"type": plainText, "text": id}, "element": element}
	}
	view := obj{
		"type": "modal", "title": obj{"type": plainText, "text": "T"}, "submit": obj{"type": plainText, "text": "Go"},
		"blocks": []obj{
			input("boxes", obj{"type": "checkboxes", "options": both, "initial_options": both}),
			input("radio", obj{"type": "radio_buttons", "options": both, "initial_option": option("b")}),
			input("who", obj{"type": "users_select"}),
			input("many", obj{"type": "multi_users_select"}),
			input("room", obj{"type": "conversations_select", "initial_conversation": w.ops}),
			input("day", obj{"type": "datepicker", "initial_date": "2026-03-02"}),
			input("hour", obj{"type": "timepicker"}),
			input("text", obj{"type": "plain_text_input", "max_length": 5}),
			actionsOf(press(obj{"action_id": "more", "value": "yes"})),
		},
	}
	if code, why := w.raw(t, "views.open", obj{"trigger_id": lastTrigger(t, w, b), "view": view}); code != "" {
		t.Fatal(code, why)
	}
	ana := w.Actor("ana")
	if v, _ := w.Modal(ana.ID()); len(v.Buttons()) != 9 || v.Buttons()[8].Value != "yes" {
		t.Errorf("to be used: %+v", v.Buttons())
	}
	_, err := ana.ClickView(ctx, "more", "")
	ok(t, err)
	if _, err := ana.Submit(ctx, map[string]string{"text": "sixsix"}); err == nil {
		t.Error("typed more than the input takes")
	}
	_, err = ana.Submit(ctx, map[string]string{"who": w.ben, "many": w.ana + "," + w.ben, "hour": "09:30"})
	ok(t, err)
	sent := b.requests("/slack/interactions")
	payload := func(n int) string {
		form, err := url.ParseQuery(sent[n])
		ok(t, err)
		return form.Get("payload")
	}
	if click := payload(0); !strings.Contains(click, `"type":"view","view_id"`) || !strings.Contains(click, `"value":"yes"`) || strings.Contains(click, "response_url\"") {
		t.Errorf("the click says %s", click)
	}
	for _, want := range []string{
		`"selected_user":"` + w.ben + `"`, `"selected_users":["` + w.ana + `","` + w.ben + `"]`, `"selected_conversation":"` + w.ops + `"`,
		`"selected_date":"2026-03-02"`, `"selected_time":"09:30"`, `"selected_option":{"text":{"text":"b","type":"plain_text"},"value":"b"}`,
		`"b-text":{"text":{"type":"plain_text_input","value":null}}`,
	} {
		if !strings.Contains(payload(1), want) {
			t.Errorf("the submission lacks %s:\n%s", want, payload(1))
		}
	}
}

func TestMarkdownText(t *testing.T) {
	w := newWorld(t)
	if code, _ := w.raw(t, "chat.postMessage", obj{"channel": w.ops, "markdown_text": strings.Repeat("x", markdownLimit)}); code != "" {
		t.Errorf("within the limit: %s", code)
	}
	if code, _ := w.raw(t, "chat.postMessage", obj{"channel": w.ops, "markdown_text": strings.Repeat("x", markdownLimit+1)}); code != "msg_too_long" {
		t.Errorf("above the limit: %q", code)
	}
	if code, _ := w.raw(t, "chat.postMessage", obj{"channel": w.ops, "markdown_text": "x", "text": "y"}); code != "markdown_text_conflict" {
		t.Errorf("with a text: %q", code)
	}
}
