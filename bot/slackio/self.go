package slackio

import "context"

// Self is who we are in Slack.
type Self struct {
	UserID string // of the bot's user, who creates channels
	BotID  string
	TeamID string
	Team   string // the workspace's name
	URL    string // of the workspace
}

// AuthTest asks Slack who we are, each time.
func (c *Client) AuthTest(ctx context.Context) (Self, error) {
	var s Self
	err := c.call(ctx, "auth.test", "", func(ctx context.Context) error {
		resp, err := c.api.AuthTestContext(ctx)
		if err != nil {
			return err
		}
		s = Self{UserID: resp.UserID, BotID: resp.BotID, TeamID: resp.TeamID, Team: resp.Team, URL: resp.URL}
		return nil
	})
	if err != nil {
		return Self{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.self = &s
	return s, nil
}

// whoAmI is AuthTest, asked once.
func (c *Client) whoAmI(ctx context.Context) (Self, error) {
	c.mu.Lock()
	known := c.self
	c.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	return c.AuthTest(ctx)
}
