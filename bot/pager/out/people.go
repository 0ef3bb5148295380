package pagerout

import (
	"context"

	"github.com/PagerDuty/go-pagerduty"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// Contact is a person by PagerDuty's id: their name and their e-mail address.
func (c *Client) Contact(ctx context.Context, id string) (outbound.OnCall, error) {
	var u *pagerduty.User
	err := c.read(ctx, "GET /users/{id}", func(ctx context.Context) (err error) {
		u, err = c.api.GetUserWithContext(ctx, id, pagerduty.GetUserOptions{})
		return err
	})
	if err != nil {
		return outbound.OnCall{}, err
	}
	return outbound.OnCall{Name: u.Name, Email: u.Email}, nil
}

// OnCallOf lists who is on call for an escalation policy and is paged first.
func (c *Client) OnCallOf(ctx context.Context, policy string) ([]outbound.OnCall, error) {
	var list *pagerduty.ListOnCallsResponse
	err := c.read(ctx, "GET /oncalls", func(ctx context.Context) (err error) {
		list, err = c.api.ListOnCallsWithContext(ctx, pagerduty.ListOnCallOptions{
			EscalationPolicyIDs: []string{policy}, Includes: []string{"users"}, Limit: pageSize,
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	var first []outbound.OnCall
	for _, o := range list.OnCalls {
		if o.EscalationLevel != 1 {
			continue
		}
		name := o.User.Name
		if name == "" {
			name = o.User.Summary
		}
		first = append(first, outbound.OnCall{Level: 1, Name: name, Email: o.User.Email})
	}
	return first, nil
}
