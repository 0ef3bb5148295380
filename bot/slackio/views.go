package slackio

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// maxView is how large a view may be: views.open answers view_too_large above 250 kB.
const maxView = 250_000

// OpenView opens a modal for whoever just pressed something; view is its JSON. A
// trigger lives for three seconds, so this does not wait for limits and gives up
// after two and a half.
func (c *Client) OpenView(ctx context.Context, trigger string, view json.RawMessage) error {
	var modal slack.ModalViewRequest
	if err := readView("views.open", view, &modal); err != nil {
		return err
	}
	return c.callFor(ctx, viewTimeout, "views.open", "", func(ctx context.Context) error {
		_, err := c.api.OpenViewContext(ctx, trigger, modal)
		return err
	})
}

// UpdateView draws a modal anew that somebody has open; id is Slack's of it.
// Somebody looks at it, so this does not wait for limits either. Class: idempotent.
func (c *Client) UpdateView(ctx context.Context, id string, view json.RawMessage) error {
	var modal slack.ModalViewRequest
	if err := readView("views.update", view, &modal); err != nil {
		return err
	}
	return c.callFor(ctx, viewTimeout, "views.update", "", func(ctx context.Context) error {
		_, err := c.api.UpdateViewContext(ctx, modal, "", "", id)
		return err
	})
}

// PublishView sets a person's App Home; view is its JSON. Class: idempotent.
func (c *Client) PublishView(ctx context.Context, user string, view json.RawMessage) error {
	var home slack.HomeTabViewRequest
	if err := readView("views.publish", view, &home); err != nil {
		return err
	}
	return c.call(ctx, "views.publish", "", func(ctx context.Context) error {
		_, err := c.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: home})
		return err
	})
}

func readView(step string, view json.RawMessage, into any) error {
	err := json.Unmarshal(view, into)
	if err == nil && len(view) > maxView {
		err = fmt.Errorf("the view has %d bytes; %d are allowed", len(view), maxView)
	}
	if err != nil {
		return &outbound.Failure{End: outbound.Refused, Step: step, Code: "bad_view", Fix: "Report this: a form could not be shown.", Err: err}
	}
	return nil
}
