package slackio

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot"
)

// PublishHome sets a person's App Home. Class: idempotent.
func (c *Client) PublishHome(ctx context.Context, user string, h bot.Home) error {
	view, err := json.Marshal(homeView(h))
	if err != nil {
		return fmt.Errorf("lay out an app home: %w", err)
	}
	return c.PublishView(ctx, user, view)
}

const (
	maxHeader = 150 // a heading; Slack's limit
	// maxHomeLine keeps a full Home far below Slack's 250 kB.
	maxHomeLine = 1000
)

func homeView(h bot.Home) slack.HomeTabViewRequest {
	v := slack.HomeTabViewRequest{Type: slack.VTHomeTab}
	add := func(b slack.Block) { v.Blocks.BlockSet = append(v.Blocks.BlockSet, b) }
	for p, part := range h.Parts {
		add(slack.NewHeaderBlock(flat(part.Title, maxHeader)))
		for n, line := range part.Lines {
			var button *slack.Accessory
			if line.Button != "" {
				button = slack.NewAccessory(run(strconv.Itoa(p)+"."+strconv.Itoa(n), cutPlain(line.Button, maxLabel), line.Incident, line.Line))
			}
			add(slack.NewSectionBlock(mrkdwn(cut(line.Text, maxHomeLine, ellipsis)), nil, button))
		}
		if part.More != "" {
			add(small(part.More))
		}
	}
	return v
}
