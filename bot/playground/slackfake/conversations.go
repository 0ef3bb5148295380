package slackfake

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameLimit, topicLimit are Slack's limits on a channel's name, and on its topic and purpose, in characters.
const (
	nameLimit   = 80
	topicLimit  = 250
	inviteLimit = 1000
)

// checkName is Slack's rule for names: lower case, digits, - and _, at most 80 (docs.slack.dev, conversations.create).
func checkName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return fail("invalid_name_required")
	case utf8.RuneCountInString(name) > nameLimit:
		return fail("invalid_name_maxlength")
	case strings.Trim(name, "-_.!?,;:'\"") == "":
		return fail("invalid_name_punctuation")
	}
	for _, r := range name {
		if r != '-' && r != '_' && !unicode.IsDigit(r) && (!unicode.IsLetter(r) || unicode.ToLower(r) != r) {
			return fail("invalid_name_specials")
		}
	}
	return nil
}

func conversationsCreate(c *call) (obj, error) {
	kind := Public
	if c.flag("is_private") {
		kind = Private
	}
	if err := c.needs(scopes(kind, toManage)...); err != nil {
		return nil, err
	}
	name := c.str("name")
	if err := checkName(name); err != nil {
		return nil, err
	}
	switch {
	case c.state.switches.restricted:
		return nil, fail("restricted_action")
	case c.state.byName(name) != nil: // archived ones too, and private ones that the app cannot see
		return nil, fail("name_taken")
	}
	ch := c.newChannel(name, kind, c.self.BotUserID, []string{c.self.BotUserID})
	c.emit("channel_created", obj{"channel": obj{"id": ch.ID, "name": name, "created": ch.Created.Unix(), "creator": ch.Creator}}, nil)
	c.emitMember("member_joined_channel", ch, c.self.BotUserID, "")
	return obj{"channel": c.channelObject(ch)}, nil
}

func conversationsInfo(c *call) (obj, error) {
	ch, err := c.may(toRead)
	if err != nil {
		return nil, err
	}
	return obj{"channel": c.channelObject(ch)}, nil
}

func conversationsList(c *call) (obj, error) {
	types := c.list("types")
	if len(types) == 0 {
		types = []string{string(Public)} // Slack's default
	}
	for _, t := range types {
		if !slices.Contains([]Kind{Public, Private, Direct, Group}, Kind(t)) {
			return nil, fail("invalid_types")
		}
		if err := c.needs(scopes(Kind(t), toRead)...); err != nil {
			return nil, err
		}
	}
	var all []*channel
	for _, id := range c.state.order {
		ch, err := c.seen(id)
		if err != nil || !slices.Contains(types, string(ch.Kind)) || (ch.Archived && c.flag("exclude_archived")) ||
			ch.Created.After(c.at.Add(-c.state.switches.lag)) ||
			(c.method == "users.conversations" && !ch.has(c.self.BotUserID)) {
			continue
		}
		all = append(all, ch)
	}
	page, next, err := paged(c, all, 1000)
	if err != nil {
		return nil, err
	}
	channels := make([]obj, 0, len(page))
	for _, ch := range page {
		channels = append(channels, c.channelObject(ch))
	}
	return obj{"channels": channels, "response_metadata": obj{"next_cursor": next}}, nil
}

func conversationsMembers(c *call) (obj, error) {
	ch, err := c.may(toRead)
	if err != nil {
		return nil, err
	}
	page, next, err := paged(c, ch.Members, 1000)
	if err != nil {
		return nil, err
	}
	return obj{"members": page, "response_metadata": obj{"next_cursor": next}}, nil
}

// invitable says why a person cannot be brought into a channel; "" when they can.
func (c *call) invitable(ch *channel, id string) string {
	u := c.state.people[id]
	switch {
	case u == nil || u.Deleted:
		return "user_not_found"
	case id == c.self.BotUserID:
		return "cant_invite_self"
	case ch.has(id):
		return "already_in_channel"
	case u.Single:
		return "ura_max_channels"
	case u.TeamID != c.self.TeamID:
		return "user_team_not_in_channel"
	}
	return ""
}

func conversationsInvite(c *call) (obj, error) {
	ch, err := c.mine(toInvite)
	if err != nil {
		return nil, err
	}
	users := c.list("users")
	switch {
	case len(users) == 0:
		return nil, fail("no_user")
	case len(users) > inviteLimit:
		return nil, fail("too_many_users")
	}
	var refused []obj
	var good []string
	for _, id := range users {
		if why := c.invitable(ch, id); why != "" {
			refused = append(refused, obj{"user": id, "ok": false, "error": why})
		} else if !slices.Contains(good, id) {
			good = append(good, id)
		}
	}
	if len(refused) > 0 && (!c.flag("force") || len(good) == 0) {
		code, _ := refused[0]["error"].(string)
		return nil, &apiError{code: code, more: obj{"errors": refused}}
	}
	for _, id := range good {
		ch.Members = append(ch.Members, id)
		c.emitMember("member_joined_channel", ch, id, c.self.BotUserID)
	}
	out := obj{"channel": c.channelObject(ch)}
	if len(refused) > 0 {
		out["errors"] = refused
	}
	return out, nil
}

func conversationsJoin(c *call) (obj, error) {
	ch, err := c.seen(c.str("channel"))
	switch {
	case err != nil:
		return nil, err
	case ch.Kind != Public:
		return nil, fail("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, fail("is_archived")
	case ch.has(c.self.BotUserID):
		return obj{
			"channel": c.channelObject(ch), "warning": "already_in_channel",
			"response_metadata": obj{"warnings": []string{"already_in_channel"}},
		}, nil
	}
	ch.Members = append(ch.Members, c.self.BotUserID)
	c.emitMember("member_joined_channel", ch, c.self.BotUserID, "")
	return obj{"channel": c.channelObject(ch)}, nil
}

func conversationsLeave(c *call) (obj, error) {
	ch, err := c.may(toManage)
	switch {
	case err != nil:
		return nil, err
	case ch.Name == "general":
		return nil, fail("cant_leave_general")
	case ch.Archived:
		return nil, fail("is_archived")
	case !ch.has(c.self.BotUserID):
		return obj{"not_in_channel": true}, nil
	}
	c.remove(ch, c.self.BotUserID)
	return obj{}, nil
}

func conversationsKick(c *call) (obj, error) {
	ch, err := c.mine(toManage)
	user := c.str("user")
	switch {
	case err != nil:
		return nil, err
	case c.state.people[user] == nil:
		return nil, fail("user_not_found")
	case user == c.self.BotUserID:
		return nil, fail("cant_kick_self")
	case ch.Name == "general":
		return nil, fail("cant_kick_from_general")
	case !ch.has(user):
		return nil, fail("not_in_channel")
	}
	c.remove(ch, user)
	return obj{"errors": obj{}}, nil // an object, not a list: so does Slack
}

// remove takes somebody out of a channel and tells the app.
func (ws *Workspace) remove(ch *channel, user string) {
	wasIn := ch.has(ws.self.BotUserID)
	ch.Members = slices.DeleteFunc(ch.Members, func(m string) bool { return m == user })
	if user == ws.self.BotUserID {
		ws.emit(ch.eventName("left"), obj{"channel": ch.ID, "actor_id": user}, nil)
		return
	}
	if wasIn {
		ws.emitMember("member_left_channel", ch, user, "")
	}
}

func conversationsOpen(c *call) (obj, error) {
	if id := c.str("channel"); id != "" {
		ch, err := c.seen(id)
		if err != nil {
			return nil, err
		}
		return obj{"no_op": true, "already_open": true, "channel": c.channelObject(ch)}, nil
	}
	users := c.list("users")
	switch {
	case len(users) == 0:
		return nil, fail("users_list_not_supplied")
	case len(users) > 8:
		return nil, fail("too_many_users")
	}
	for _, id := range users {
		switch u := c.state.people[id]; {
		case u == nil:
			return nil, fail("user_not_found")
		case u.Deleted:
			return nil, fail("user_disabled")
		case !c.visible(u):
			return nil, fail("user_not_visible")
		case u.Bot:
			return nil, fail("cannot_dm_bot")
		}
	}
	ch, was := c.direct(users)
	out := obj{"channel": obj{"id": ch.ID}}
	if c.flag("return_im") {
		out["channel"] = c.channelObject(ch)
	}
	if was {
		out["no_op"], out["already_open"] = true, true
	}
	return out, nil
}

// direct finds or makes the direct conversation of the app with people.
func (ws *Workspace) direct(users []string) (ch *channel, was bool) {
	kind := Direct
	if len(users) > 1 {
		kind = Group
	}
	want := append([]string{ws.self.BotUserID}, users...)
	slices.Sort(want)
	for _, id := range ws.state.order {
		ch := ws.state.channels[id]
		if ch.Kind != kind {
			continue
		}
		have := slices.Sorted(slices.Values(ch.Members))
		if slices.Equal(have, want) {
			return ch, true
		}
	}
	return ws.newChannel("", kind, ws.self.BotUserID, want), false
}
