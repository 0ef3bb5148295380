package slackio

import (
	"context"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// AuthTest asks Slack who we are, each time.
func (c *Client) AuthTest(ctx context.Context) (outbound.Self, error) {
	var s outbound.Self
	err := c.call(ctx, "auth.test", "", func(ctx context.Context) error {
		resp, err := c.api.AuthTestContext(ctx)
		if err != nil {
			return err
		}
		s = outbound.Self{UserID: resp.UserID, BotID: resp.BotID, TeamID: resp.TeamID, Team: resp.Team, URL: resp.URL}
		return nil
	})
	if err != nil {
		return outbound.Self{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.self = &s
	return s, nil
}

// whoAmI is AuthTest, asked once.
func (c *Client) whoAmI(ctx context.Context) (outbound.Self, error) {
	c.mu.Lock()
	known := c.self
	c.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	return c.AuthTest(ctx)
}
