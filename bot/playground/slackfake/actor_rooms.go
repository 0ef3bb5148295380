package slackfake

import (
	"context"
	"errors"
	"slices"
)

// Join enters a public channel.
func (a Actor) Join(ctx context.Context, channelRef string) error {
	return a.act(ctx, "join", func(_ *state, u *User) error {
		ch, err := a.room(channelRef)
		switch {
		case err != nil:
			return err
		case u.Guest || u.Single:
			return errors.New("guests have to be invited")
		case ch.has(a.user):
			return nil
		}
		ch.Members = append(ch.Members, a.user)
		a.ws.emitMember("member_joined_channel", ch, a.user, "")
		return nil
	})
}

// Leave leaves a channel.
func (a Actor) Leave(ctx context.Context, channelRef string) error {
	return a.act(ctx, "leave", func(*state, *User) error {
		ch, err := a.room(channelRef)
		if err == nil {
			a.ws.remove(ch, a.user)
		}
		return err
	})
}

// Invite brings somebody into a channel, the bot too.
func (a Actor) Invite(ctx context.Context, channelRef string, users ...string) error {
	return a.act(ctx, "invite", func(s *state, _ *User) error {
		ch, err := a.room(channelRef)
		if err != nil {
			return err
		}
		for _, id := range users {
			if s.people[id] != nil && !slices.Contains(ch.Members, id) {
				ch.Members = append(ch.Members, id)
				a.ws.emitMember("member_joined_channel", ch, id, a.user)
			}
		}
		return nil
	})
}

// Kick takes somebody out of a channel, the bot too.
func (a Actor) Kick(ctx context.Context, channelRef, user string) error {
	return a.act(ctx, "kick", func(*state, *User) error {
		ch, err := a.room(channelRef)
		if err == nil {
			a.ws.remove(ch, user)
		}
		return err
	})
}

// Rename renames a channel.
func (a Actor) Rename(ctx context.Context, channelRef, name string) error {
	return a.act(ctx, "rename", func(s *state, _ *User) error {
		ch, err := a.room(channelRef)
		switch {
		case err != nil:
			return err
		case s.byName(name) != nil:
			return fail("name_taken")
		}
		a.ws.rename(ch, a.user, name)
		return nil
	})
}

// Archive archives a channel.
func (a Actor) Archive(ctx context.Context, channelRef string) error {
	return a.act(ctx, "archive", func(*state, *User) error {
		ch, err := a.room(channelRef)
		if err == nil {
			a.ws.archive(ch, a.user, true)
		}
		return err
	})
}

// DeleteMessage deletes a message, the bot's too, as an administrator can.
func (a Actor) DeleteMessage(ctx context.Context, channelRef, ts string) error {
	return a.act(ctx, "delete", func(*state, *User) error {
		ch, err := a.room(channelRef)
		if err != nil {
			return err
		}
		m := ch.find(ts)
		if m == nil {
			return errors.New("there is no such message")
		}
		a.ws.drop(ch, m)
		a.ws.emitMessageChange(ch, m, "message_deleted")
		return nil
	})
}

// EditMessage gives a message of the person's another text.
func (a Actor) EditMessage(ctx context.Context, channelRef, ts, text string) error {
	return a.act(ctx, "edit", func(s *state, _ *User) error {
		ch, err := a.room(channelRef)
		if err != nil {
			return err
		}
		m := ch.find(ts)
		if m == nil || m.User != a.user {
			return errors.New("there is no such message of theirs")
		}
		m.Text, m.EditedTS = s.escapeTyped(text, false), ch.stamp(a.ws.now())
		a.ws.emitMessageChange(ch, m, "message_changed")
		return nil
	})
}
