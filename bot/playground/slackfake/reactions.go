package slackfake

import (
	"slices"
	"strings"
)

func reactionsAdd(c *call) (obj, error) {
	ch, m, err := c.item()
	if err != nil {
		return nil, err
	}
	if !ch.has(c.self.BotUserID) {
		return nil, fail("not_in_channel")
	}
	if ch.Archived {
		return nil, fail("is_archived")
	}
	return obj{}, c.react(ch, m, c.self.BotUserID, c.str("name"), true)
}

func reactionsRemove(c *call) (obj, error) {
	ch, m, err := c.item()
	if err != nil {
		return nil, err
	}
	return obj{}, c.react(ch, m, c.self.BotUserID, c.str("name"), false)
}

// react adds or takes off somebody's reaction, and tells the app.
func (ws *Workspace) react(ch *channel, m *Message, user, name string, on bool) error {
	name = strings.Trim(name, ":")
	if name == "" || strings.ToLower(name) != name || strings.ContainsAny(name, " <>&") {
		return fail("invalid_name")
	}
	at := slices.IndexFunc(m.Reactions, func(r Reaction) bool { return r.Name == name })
	there := at >= 0 && slices.Contains(m.Reactions[at].Users, user)
	switch {
	case on && there:
		return fail("already_reacted")
	case !on && !there:
		return fail("no_reaction")
	case on && at < 0 && len(m.Reactions) >= reactionLimit:
		return fail("too_many_emoji")
	case on && at < 0:
		m.Reactions = append(m.Reactions, Reaction{Name: name, Users: []string{user}})
	case on:
		m.Reactions[at].Users = append(m.Reactions[at].Users, user)
	default:
		r := &m.Reactions[at]
		r.Users = slices.DeleteFunc(slices.Clone(r.Users), func(u string) bool { return u == user })
		if len(r.Users) == 0 {
			m.Reactions = slices.Delete(slices.Clone(m.Reactions), at, at+1)
		}
	}
	kind := "reaction_added"
	if !on {
		kind = "reaction_removed"
	}
	ws.emit(kind, obj{
		"user": user, "reaction": name, "item_user": m.User, "item": obj{"type": "message", "channel": ch.ID, "ts": m.TS},
	}, ch)
	return nil
}

func reactionsGet(c *call) (obj, error) {
	ch, m, err := c.item()
	if err != nil {
		return nil, err
	}
	return obj{"type": "message", "channel": ch.ID, "message": c.messageObject(ch, m, false)}, nil
}
