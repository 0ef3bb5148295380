package slackio

import (
	"context"
	"errors"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// errNoStamp is an answer of Slack's that says neither yes nor no.
var errNoStamp = errors.New("slack's answer names no message")

// outgoing is the one way in which a message leaves: fitted, checked, and sent
// so that nothing in it comes alive but what we wrote. link_names and parse are
// never set; unfurling is off.
func (c *Client) outgoing(m Message, more ...slack.MsgOption) ([]slack.MsgOption, error) {
	m = Fit(m)
	if err := Check(m); err != nil {
		return nil, &outbound.Failure{
			End: outbound.Refused, Step: "message", Code: "too_long", Fix: "Report this: a message was longer than Slack takes.", Err: err,
		}
	}
	options := []slack.MsgOption{
		slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.Blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
	if m.Op != "" {
		options = append(options, slack.MsgOptionMetadata(slack.SlackMetadata{
			EventType: eventType, EventPayload: map[string]any{"op": m.Op},
		}))
	}
	return append(options, more...), nil
}

// post sends a new message.
func (c *Client) post(ctx context.Context, channel, thread string, m Message) (outbound.Sent, error) {
	var more []slack.MsgOption
	if thread != "" {
		more = append(more, slack.MsgOptionTS(thread))
	}
	options, err := c.outgoing(m, more...)
	if err != nil {
		return outbound.Sent{}, err
	}
	var sent outbound.Sent
	err = c.call(ctx, "chat.postMessage", channel, func(ctx context.Context) (err error) {
		sent.Channel, sent.TS, err = c.api.PostMessageContext(ctx, channel, options...)
		if err == nil && sent.TS == "" {
			err = errNoStamp
		}
		return err
	})
	if err != nil {
		return outbound.Sent{}, err
	}
	return sent, nil
}

// update replaces a message by m. Class: idempotent.
func (c *Client) update(ctx context.Context, at outbound.Sent, m Message) error {
	options, err := c.outgoing(m)
	if err != nil {
		return err
	}
	return c.call(ctx, "chat.update", "", func(ctx context.Context) error {
		_, _, _, err := c.api.UpdateMessageContext(ctx, at.Channel, at.TS, options...)
		return err
	})
}

// Post sends one message once.
//
// Class: detectable. The message carries its step's identity as metadata; before
// a repeat the conversation is searched for it. Editing one is idempotent; one that
// is gone is posted anew.
func (c *Client) Post(ctx context.Context, p outbound.Post) (outbound.Sent, error) {
	if p.Sent.TS != "" {
		err := c.update(ctx, p.Sent, c.said(p))
		if !is(err, "message_not_found", "cant_update_message", "edit_window_closed") {
			return p.Sent, err
		}
		p.Again = false
	}
	direct, kept := c.direct.Load(p.To.User)
	channel, _ := direct.(string)
	if !kept || p.To.Channel != "" {
		var err error
		if channel, err = c.conversation(ctx, p.To); err != nil {
			return outbound.Sent{}, err
		}
	}
	sent, err := c.postOnce(ctx, channel, p.To.Thread, c.said(p), lookup{since: p.Since, again: p.Again})
	if kept && p.To.Channel == "" && is(err, "channel_not_found") {
		c.direct.Delete(p.To.User)
		return c.Post(ctx, p)
	}
	return sent, err
}

// postOnce posts m unless a look says that it is there. Slack lets the app write into
// a public channel that it is not in, but not read it: there nobody can look, and one
// message too many is better than none.
func (c *Client) postOnce(ctx context.Context, channel, thread string, m Message, l lookup) (outbound.Sent, error) {
	if l.again {
		sent, found, err := c.find(ctx, channel, thread, m.Op, l)
		if found || err != nil && !is(err, "not_in_channel") {
			return sent, err
		}
	}
	return c.post(ctx, channel, thread, m)
}

// conversation is the id of the channel that a place is in; the direct
// conversation with a person is opened, and kept in mind, as it stays the same.
func (c *Client) conversation(ctx context.Context, to outbound.Place) (string, error) {
	if to.Channel != "" {
		return to.Channel, nil
	}
	var id string
	err := c.call(ctx, "conversations.open", "", func(ctx context.Context) error {
		ch, _, _, err := c.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{to.User}})
		if err == nil {
			id = ch.ID
		}
		return err
	})
	if err == nil && id != "" {
		c.direct.Store(to.User, id)
	}
	return id, err
}
