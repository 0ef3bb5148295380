package slackio

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// topic is the channel's topic. Slack takes 250 characters.
func (d drawing) topic() string {
	common := d.common()
	common["leader"] = d.i.Leadership.Leader
	return cut(d.text("card_topic", common), maxTopic, ellipsis)
}

// setTopic sets the topic unless it is what was set last: each change is a line
// in the channel that people read. Class: idempotent.
func (c *Client) setTopic(ctx context.Context, card outbound.Card, d drawing) (outbound.Sent, error) {
	topic := d.topic()
	if card.Sent.Channel == card.To.Channel && card.Sent.Extra == topic {
		return card.Sent, nil
	}
	err := c.call(ctx, "conversations.setTopic", "", func(ctx context.Context) error {
		_, err := c.api.SetTopicOfConversationContext(ctx, card.To.Channel, topic)
		return err
	})
	if err != nil {
		return card.Sent, err
	}
	return outbound.Sent{Channel: card.To.Channel, Extra: topic}, nil
}

// setBookmark makes the call the channel's bookmark.
//
// Class: detectable. Slack would add the same bookmark twice, so the channel's
// bookmarks are listed first unless this is certainly the first attempt; ours is
// edited when the link has changed.
func (c *Client) setBookmark(ctx context.Context, card outbound.Card, d drawing) (outbound.Sent, error) {
	address := link(d.i.Call().URL)
	done := outbound.Sent{Channel: card.To.Channel, Extra: address}
	if address == "" || card.Sent.Extra == address && card.Sent.Channel == card.To.Channel {
		return card.Sent, nil
	}
	var there []slack.Bookmark
	if card.Again || card.Sent.Extra != "" {
		err := c.call(ctx, "bookmarks.list", "", func(ctx context.Context) (err error) {
			there, err = c.api.ListBookmarksContext(ctx, card.To.Channel)
			return err
		})
		if err != nil {
			return card.Sent, err
		}
	}
	title := d.label("card_bookmark")
	for _, b := range there {
		if b.Link == address {
			return done, nil
		}
	}
	for _, b := range there {
		if b.Title == title {
			return landed(card.Sent, done, c.editBookmark(ctx, card.To.Channel, b.ID, address))
		}
	}
	err := c.call(ctx, "bookmarks.add", "", func(ctx context.Context) error {
		_, err := c.api.AddBookmarkContext(ctx, card.To.Channel, slack.AddBookmarkParameters{
			Title: title, Type: "link", Link: address, Emoji: ":telephone_receiver:",
		})
		return err
	})
	return landed(card.Sent, done, err)
}

// landed is where a card stands after a step: after a failure, where it stood.
func landed(before, after outbound.Sent, err error) (outbound.Sent, error) {
	if err != nil {
		return before, err
	}
	return after, nil
}

func (c *Client) editBookmark(ctx context.Context, channel, id, address string) error {
	return c.call(ctx, "bookmarks.edit", "", func(ctx context.Context) error {
		_, err := c.api.EditBookmarkContext(ctx, channel, id, slack.EditBookmarkParameters{Link: address})
		return err
	})
}
