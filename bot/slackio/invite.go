package slackio

import (
	"context"
	"maps"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// inviteBatch is how many people are invited at once; Slack takes 1000.
const inviteBatch = 100

// channelFaults are refusals that are about the channel or the app rather than
// about a person.
var channelFaults = []string{
	"channel_not_found", "not_in_channel", "is_archived", "missing_scope", "method_not_supported_for_channel_type",
	"restricted_action", "not_allowed_token_type", "invalid_channel",
}

// Invite takes people into a channel. Who cannot be invited does not keep the
// others out, and is returned with the reason.
//
// Class: idempotent. Who is there already, and we ourselves, count as invited.
func (c *Client) Invite(ctx context.Context, channel string, users []string) (left map[string]*outbound.Failure, err error) {
	left = map[string]*outbound.Failure{}
	for len(users) > 0 {
		n := min(len(users), inviteBatch)
		some, err := c.inviteSome(ctx, channel, users[:n])
		maps.Copy(left, some)
		if err != nil {
			return left, err
		}
		users = users[n:]
	}
	return left, nil
}

// inviteSome invites a batch at once, and one by one when Slack refuses the
// batch, since one person can spoil it for all.
func (c *Client) inviteSome(ctx context.Context, channel string, users []string) (map[string]*outbound.Failure, error) {
	err := c.invite(ctx, channel, users...)
	refusal, refused := outbound.Refusal(err)
	switch {
	case err == nil || len(users) == 1 && refused && is(err, "already_in_channel", "cant_invite_self"):
		return nil, nil
	case !refused || is(err, channelFaults...):
		return nil, err
	case len(users) == 1:
		return map[string]*outbound.Failure{users[0]: refusal}, nil
	}
	left := map[string]*outbound.Failure{}
	for _, user := range users {
		one, err := c.inviteSome(ctx, channel, []string{user})
		maps.Copy(left, one)
		if err != nil {
			return left, err
		}
	}
	return left, nil
}

func (c *Client) invite(ctx context.Context, channel string, users ...string) error {
	return c.patient(ctx, "conversations.invite", "", func(ctx context.Context) error {
		_, err := c.api.InviteUsersToConversationContext(ctx, channel, users...)
		return err
	})
}

// Users lists a page of the people of the workspace; next is "" after the last.
func (c *Client) Users(ctx context.Context, cursor string) (users []outbound.User, next string, err error) {
	err = c.patient(ctx, "users.list", "", func(ctx context.Context) error {
		page := c.api.GetUsersPaginated(slack.GetUsersOptionLimit(userPage))
		page.Cursor = cursor
		got, err := page.Next(ctx)
		if err != nil {
			return err
		}
		users = users[:0]
		for n := range got.Users {
			users = append(users, person(&got.Users[n]))
		}
		next = got.Cursor
		return nil
	})
	return users, next, err
}

// userPage is how many people are asked for at once: "no more than 200".
const userPage = 200

// User looks one person up. ok is false when Slack does not know them, or does
// not let us see them.
func (c *Client) User(ctx context.Context, id string) (user outbound.User, ok bool, err error) {
	err = c.call(ctx, "users.info", "", func(ctx context.Context) error {
		got, err := c.api.GetUserInfoContext(ctx, id)
		if err == nil {
			user = person(got)
		}
		return err
	})
	if is(err, "user_not_found", "user_not_visible") {
		return outbound.User{}, false, nil
	}
	return user, err == nil, err
}

func person(u *slack.User) outbound.User {
	name := u.Profile.DisplayName
	for _, other := range []string{u.Profile.RealName, u.RealName, u.Name} {
		if name == "" {
			name = other
		}
	}
	full := u.RealName
	if full == "" {
		full = u.Profile.RealName
	}
	return outbound.User{
		ID: u.ID, TeamID: u.TeamID, Name: name, RealName: full, Email: u.Profile.Email, Zone: u.TZ,
		Guest: u.IsRestricted || u.IsUltraRestricted || u.IsStranger, Bot: u.IsBot || u.ID == "USLACKBOT", Deleted: u.Deleted,
	}
}
