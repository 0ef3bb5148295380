package slackio

import (
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	// findSlack is how much earlier than our stamp a message of ours may be stamped.
	findSlack = 5 * time.Second
	// findLooks is how often a message is looked for: it may show up late.
	findLooks = 2
	findPage  = 200
	findPages = 20
)

// lookup says whether to look for a message before it is posted, from when on,
// and which message is not the one.
type lookup struct {
	since  time.Time
	again  bool
	except string // the stamp of a message that carries the same identity and is given up; "" for none
}

// Looks take several calls of one method, whose limit all share. Were all to begin at
// once, most would be sent away in the middle, again and again, and hardly any would
// end. So few look at a time, as many as get their calls within patience.
const (
	messageLooks = 3 // conversations.history and replies: each gets a call within 3.6 s
	channelLooks = 1 // conversations.list: within 3 s
)

// looks are those that are under way, for a message and for a channel.
type looks struct{ messages, channels turn }

// turn is held by whoever looks.
type turn chan struct{}

// take takes a turn where one is free; leave gives it back.
func (t turn) take(method string) (leave func(), err error) {
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	default:
		return nil, &outbound.Failure{End: outbound.Delayed, Wait: time.Second, Code: outbound.Limited, Step: method}
	}
}

// find looks for the message that carries op, in a channel or in a thread. It
// looks twice, since Slack may not show at once what it has taken.
func (c *Client) find(ctx context.Context, channel, thread, op string, l lookup) (outbound.Sent, bool, error) {
	leave, err := c.looks.messages.take("conversations.history")
	if err != nil {
		return outbound.Sent{}, false, err
	}
	defer leave()
	for look := range findLooks {
		if look > 0 {
			if err := c.opts.Sleep(ctx, settle); err != nil {
				return outbound.Sent{}, false, &outbound.Failure{End: outbound.Unclear, Step: "conversations.history", Err: err}
			}
		}
		ts, err := c.search(ctx, channel, thread, op, l)
		if err != nil {
			return outbound.Sent{}, false, err
		}
		if ts != "" {
			return outbound.Sent{Channel: channel, TS: ts}, true, nil
		}
	}
	return outbound.Sent{}, false, nil
}

// search reads a conversation from a moment on; "" when op is not there.
func (c *Client) search(ctx context.Context, channel, thread, op string, l lookup) (string, error) {
	cursor, oldest := "", stamp(l.since.Add(-findSlack))
	for range findPages {
		page, next, err := c.page(ctx, channel, thread, oldest, cursor)
		if err != nil {
			return "", err
		}
		for n := range page {
			meta := page[n].Metadata
			if meta.EventType == eventType && meta.EventPayload["op"] == op && page[n].Timestamp != l.except {
				return page[n].Timestamp, nil
			}
		}
		if next == "" {
			return "", nil
		}
		cursor = next
	}
	return "", nil
}

func (c *Client) page(ctx context.Context, channel, thread, oldest, cursor string) (messages []slack.Message, next string, err error) {
	if thread != "" {
		err = c.patient(ctx, "conversations.replies", "", func(ctx context.Context) (err error) {
			messages, _, next, err = c.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
				ChannelID: channel, Timestamp: thread, Oldest: oldest, Cursor: cursor, Limit: findPage, IncludeAllMetadata: true,
			})
			return err
		})
		return messages, next, err
	}
	err = c.patient(ctx, "conversations.history", "", func(ctx context.Context) error {
		resp, err := c.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: channel, Oldest: oldest, Cursor: cursor, Limit: findPage, IncludeAllMetadata: true,
		})
		if err == nil {
			messages, next = resp.Messages, resp.ResponseMetaData.NextCursor
		}
		return err
	})
	return messages, next, err
}

// stamp is a moment as Slack writes it, in seconds with six decimals.
func stamp(t time.Time) string {
	return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000)
}
