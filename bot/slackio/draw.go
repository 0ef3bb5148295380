package slackio

import (
	"context"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
)

// Draw brings a card up to date and returns where it stands now. What it returns
// holds beside an error too: a card may have been posted and not yet pinned.
//
// Class: posting is detectable, as for Post; editing, pinning and the topic are
// idempotent; the bookmark is detectable; for Slack's call block see showCall.
func (c *Client) Draw(ctx context.Context, card outbound.Card) (outbound.Sent, error) {
	d := drawing{book: c.opts.Book, i: card.Incident, v: card.View}
	switch card.Card {
	case incident.TopicCard:
		return c.setTopic(ctx, card, d)
	case incident.BookmarkCard:
		return c.setBookmark(ctx, card, d)
	case incident.CallCard:
		return c.showCall(ctx, card, d)
	default: // a message
	}
	m, ok := draw(c.opts.Book, card.Incident, card.View, card.Card)
	if !ok {
		return card.Sent, nil
	}
	sent, err := c.show(ctx, card, m)
	if err != nil || !pins(card.Card) || sent.Extra == pinned || card.To.Thread != "" || card.To.User != "" {
		return sent, err
	}
	if err := c.pin(ctx, sent); err != nil {
		if f, refused := outbound.Refusal(err); refused {
			c.opts.Log.WarnContext(ctx, "a card could not be pinned", "card", string(card.Card), "code", f.Code, "fix", f.Fix)
		} else {
			return sent, err
		}
	}
	sent.Extra = pinned
	return sent, nil
}

// show posts the message of a card, or edits it where it stands. When it cannot
// be edited there any more, it is posted again, where the card belongs by now.
// That attempt may be a repeat, of which nobody took note: so it looks first.
func (c *Client) show(ctx context.Context, card outbound.Card, m Message) (outbound.Sent, error) {
	look := lookup{since: card.Since, again: card.Again}
	if card.Sent.TS != "" {
		err := c.update(ctx, card.Sent, m)
		if !lost(card, err) {
			return card.Sent, err
		}
		look.again, look.except = true, card.Sent.TS
	}
	channel, err := c.conversation(ctx, card.To)
	if err != nil {
		return card.Sent, err
	}
	sent, err := c.postOnce(ctx, channel, card.To.Thread, m, look)
	if err != nil {
		return card.Sent, err
	}
	return sent, nil
}

// lost says of an edit that was refused that the card needs a new message:
// somebody deleted it, it is too old, or its channel is closed to us and the
// incident has moved elsewhere.
func lost(card outbound.Card, err error) bool {
	if is(err, "message_not_found", "cant_update_message", "edit_window_closed") {
		return true
	}
	return card.To.Channel != card.Sent.Channel && is(err, "is_archived", "channel_not_found", "not_in_channel")
}
