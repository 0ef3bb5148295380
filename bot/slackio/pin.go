package slackio

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
)

// pin pins a message. Class: idempotent.
func (c *Client) pin(ctx context.Context, at outbound.Sent) error {
	err := c.call(ctx, "pins.add", "", func(ctx context.Context) error {
		return c.api.AddPinContext(ctx, at.Channel, slack.NewRefToMessage(at.Channel, at.TS))
	})
	if is(err, "already_pinned") {
		return nil
	}
	return err
}

// pinned says of a card that it is pinned, or that Slack refused to.
const pinned = "pinned"

// pins says which cards are pinned.
func pins(card incident.Card) bool {
	return card == incident.SummaryCard || strings.HasPrefix(string(card), "decision:")
}
