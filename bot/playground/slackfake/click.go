package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Button is something in a message or view that can be used.
type Button struct {
	ActionID, BlockID, Type string
	Text, Value, URL        string
}

// Buttons are the buttons and selects of a message, in order.
func (m Content) Buttons() []Button {
	list, err := decodeBlocks(string(m.Blocks))
	if err != nil {
		return nil
	}
	return buttons(list)
}

func buttons(list []obj) []Button {
	var out []Button
	for _, b := range list {
		for _, e := range elements(b) {
			button := Button{BlockID: word(b, "block_id"), ActionID: word(e, "action_id"), Type: word(e, "type"), Value: word(e, "value"), URL: word(e, "url")}
			if t, ok := e["text"].(obj); ok {
				button.Text = word(t, "text")
			}
			out = append(out, button)
		}
	}
	return out
}

func word(o obj, name string) string {
	s, _ := o[name].(string)
	return s
}

// Click uses a button, or chooses value in a select, of the message with stamp ts: one in the channel, or one that only
// this person sees. Slack pays no attention to the body of the answer.
func (a Actor) Click(ctx context.Context, channelRef, ts, actionID, value string) (Answer, error) {
	var d *Delivery
	err := a.act(ctx, "click", func(_ *state, u *User) error {
		ch, err := a.visible(channelRef)
		if err != nil {
			return err
		}
		content, payload, h, err := a.clicked(ch, ts)
		if err != nil {
			return err
		}
		list, err := decodeBlocks(string(content.Blocks))
		if err != nil {
			return err
		}
		action, err := a.ws.use(list, actionID, value)
		if err != nil {
			return err
		}
		payload["actions"], payload["response_url"] = []obj{action}, a.ws.newHook("actions", h)
		payload["state"] = obj{"values": obj{}}
		d = a.interaction("block_actions", u, payload)
		return nil
	})
	if err != nil {
		return Answer{}, err
	}
	return a.ws.attempt(ctx, d, "", 0), nil
}

// visible is room without the rule that one must be able to write: archived channels can be read.
func (a Actor) visible(ref string) (*channel, error) {
	ch := a.ws.state.resolve(ref)
	if ch == nil || (ch.Kind != Public && !ch.has(a.user)) {
		return nil, fmt.Errorf("there is no channel %q to be seen", ref)
	}
	return ch, nil
}

// clicked finds the message that was clicked, and what the payload says of it.
func (a Actor) clicked(ch *channel, ts string) (Content, obj, hook, error) {
	h := hook{user: a.user, channel: ch.ID, source: ts}
	container := obj{"type": "message", "message_ts": ts, "channel_id": ch.ID, "is_ephemeral": false}
	payload := obj{"channel": obj{"id": ch.ID, "name": or(ch.Name, "directmessage")}, "container": container}
	if m := ch.find(ts); m != nil {
		payload["message"] = a.ws.messageObject(ch, m, true)
		if h.thread = m.ThreadTS; h.thread != "" {
			container["thread_ts"] = h.thread
		}
		return m.Content, payload, h, nil
	}
	for _, e := range a.ws.state.ephemerals {
		if e.TS == ts && e.To == a.user && e.Channel == ch.ID && !e.Gone {
			h.hidden, h.thread, container["is_ephemeral"] = true, e.ThreadTS, true
			if e.ThreadTS != "" {
				container["thread_ts"] = e.ThreadTS
			}
			return e.Content, payload, h, nil
		}
	}
	return Content{}, nil, h, errors.New("there is no such message to be seen")
}

// interaction completes a payload with what all of them carry.
func (a Actor) interaction(kind string, u *User, payload obj) *Delivery {
	payload["type"], payload["token"], payload["api_app_id"] = kind, "verification-test", a.ws.self.AppID
	payload["team"] = obj{"id": a.ws.self.TeamID, "domain": a.ws.self.TeamDomain}
	payload["user"] = obj{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.TeamID}
	payload["enterprise"], payload["is_enterprise_install"] = nil, false
	if payload["trigger_id"] == nil && kind != "view_closed" {
		payload["trigger_id"] = a.ws.newTrigger(a.user)
	}
	return a.ws.newDelivery(Interaction, kind, payload)
}

// use finds what has an action id and says how Slack would report its use.
func (ws *Workspace) use(list []obj, actionID, value string) (obj, error) {
	for _, b := range list {
		for _, e := range elements(b) {
			if word(e, "action_id") != actionID {
				continue
			}
			action, err := stateOf(e, value)
			if err != nil {
				return nil, err
			}
			ws.state.counters["action"]++
			now := ws.now()
			action["action_id"], action["block_id"] = actionID, word(b, "block_id")
			action["action_ts"] = fmt.Sprintf("%d.%06d", now.Unix(), ws.state.counters["action"]%1_000_000)
			return action, nil
		}
	}
	return nil, fmt.Errorf("nothing in the message has the action id %q", actionID)
}

// stateOf is what Slack reports of an element when somebody chose or typed value.
func stateOf(e obj, value string) (obj, error) {
	kind := word(e, "type")
	out := obj{"type": kind}
	switch kind {
	case "button", "workflow_button":
		out["text"] = e["text"]
		if v := or(value, word(e, "value")); v != "" {
			out["value"] = v
		}
	case "static_select", "radio_buttons", "overflow":
		option, err := choose(e, value)
		out["selected_option"] = option
		return out, err
	case "checkboxes", "multi_static_select":
		chosen := []obj{}
		for v := range strings.SplitSeq(value, ",") {
			if v == "" {
				continue
			}
			option, err := choose(e, v)
			if err != nil {
				return nil, err
			}
			chosen = append(chosen, option)
		}
		out["selected_options"] = chosen
	case "users_select", "conversations_select", "channels_select":
		out[map[string]string{
			"users_select": "selected_user", "conversations_select": "selected_conversation", "channels_select": "selected_channel",
		}[kind]] = value
	case "multi_users_select":
		out["selected_users"] = strings.FieldsFunc(value, func(r rune) bool { return r == ',' })
	case "datepicker":
		out["selected_date"] = value
	case "timepicker":
		out["selected_time"] = value
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		out["value"] = any(nil)
		if value != "" {
			out["value"] = value
		}
	default:
		return nil, fmt.Errorf("a %s cannot be used here", kind)
	}
	return out, nil
}

// choose finds the option with a value.
func choose(e obj, value string) (obj, error) {
	var lists []any
	lists = append(lists, e["options"])
	if groups, ok := e["option_groups"].([]any); ok {
		for _, g := range groups {
			if o, ok := g.(obj); ok {
				lists = append(lists, o["options"])
			}
		}
	}
	for _, l := range lists {
		options, _ := l.([]any)
		for _, v := range options {
			if o, ok := v.(obj); ok && word(o, "value") == value {
				return o, nil
			}
		}
	}
	return nil, fmt.Errorf("there is no option %q", value)
}

// Shortcut uses a message shortcut on the message with stamp ts, or a global one when channelRef is "".
func (a Actor) Shortcut(ctx context.Context, callbackID, channelRef, ts string) (Answer, error) {
	var d *Delivery
	err := a.act(ctx, "shortcut", func(_ *state, u *User) error {
		now := a.ws.now()
		payload := obj{"callback_id": callbackID, "action_ts": fmt.Sprintf("%d.%06d", now.Unix(), now.Nanosecond()/1000)}
		if channelRef == "" {
			d = a.interaction("shortcut", u, payload)
			return nil
		}
		ch, err := a.visible(channelRef)
		if err != nil {
			return err
		}
		m := ch.find(ts)
		if m == nil {
			return errors.New("there is no such message")
		}
		payload["channel"], payload["message_ts"] = obj{"id": ch.ID, "name": or(ch.Name, "directmessage")}, ts
		payload["message"] = a.ws.messageObject(ch, m, true)
		payload["response_url"] = a.ws.newHook("app", hook{user: a.user, channel: ch.ID, thread: m.ThreadTS})
		d = a.interaction("message_action", u, payload)
		return nil
	})
	if err != nil {
		return Answer{}, err
	}
	return a.ws.attempt(ctx, d, "", 0), nil
}

// OpenHome opens the app's Home tab.
func (a Actor) OpenHome(ctx context.Context) error {
	return a.act(ctx, "home", func(s *state, _ *User) error {
		ch, _ := a.ws.direct([]string{a.user})
		inner := obj{"user": a.user, "channel": ch.ID, "tab": "home"}
		if v := s.homes[a.user]; v != nil {
			inner["view"] = a.ws.viewObject(v)
		}
		a.ws.emit("app_home_opened", inner, nil)
		return nil
	})
}

// rawView is a view of a response_action as a call carries it.
func rawView(v json.RawMessage) map[string]string { return map[string]string{"view": string(v)} }
