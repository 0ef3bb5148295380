package slackfake

import (
	"slices"
	"strconv"
	"strings"
)

// messageObject is a message as Slack shows it to the app.
func (ws *Workspace) messageObject(ch *channel, m *Message, metadata bool) obj {
	out := obj{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": ws.self.TeamID}
	set := func(name string, value any, there bool) {
		if there {
			out[name] = value
		}
	}
	set("subtype", m.Subtype, m.Subtype != "")
	set("blocks", m.Blocks, m.Blocks != nil)
	set("attachments", m.Attachments, m.Attachments != nil)
	set("metadata", m.Metadata, metadata && m.Metadata != nil)
	set("thread_ts", m.ThreadTS, m.ThreadTS != "")
	set("edited", obj{"user": m.User, "ts": m.EditedTS}, m.EditedTS != "")
	if m.App {
		out["bot_id"], out["app_id"] = ws.self.BotID, ws.self.AppID
		out["bot_profile"] = obj{
			"id": ws.self.BotID, "app_id": ws.self.AppID, "name": ws.state.people[ws.self.BotUserID].RealName,
			"team_id": ws.self.TeamID, "deleted": false,
		}
	} else if m.Subtype == "" {
		out["client_msg_id"] = "msg-" + m.Channel + "-" + m.TS
	}
	if len(m.Reactions) > 0 {
		out["reactions"] = reactionObjects(m)
	}
	if slices.ContainsFunc(ch.Pins, func(p Pin) bool { return p.TS == m.TS }) {
		out["pinned_to"] = []string{ch.ID}
	}
	var files []obj
	for _, id := range m.Files {
		if f := ws.state.files[id]; f != nil {
			files = append(files, ws.fileObject(f))
		}
	}
	set("files", files, len(files) > 0)
	if replies := ch.replies(m.TS); len(replies) > 0 {
		var users []string
		for _, r := range replies {
			if !slices.Contains(users, r.User) {
				users = append(users, r.User)
			}
		}
		out["thread_ts"], out["reply_count"], out["reply_users"] = m.TS, len(replies), users
		out["reply_users_count"], out["latest_reply"] = len(users), replies[len(replies)-1].TS
	}
	if m.ThreadTS != "" {
		if root := ch.find(m.ThreadTS); root != nil {
			out["parent_user_id"] = root.User
		}
	}
	return out
}

func reactionObjects(m *Message) []obj {
	var out []obj
	for _, r := range m.Reactions {
		out = append(out, obj{"name": r.Name, "users": r.Users, "count": len(r.Users)})
	}
	return out
}

// replies are the answers to a message, oldest first.
func (ch *channel) replies(ts string) []*Message {
	var out []*Message
	for _, m := range ch.messages {
		if m.ThreadTS == ts {
			out = append(out, m)
		}
	}
	return out
}

// micros is a stamp as microseconds; -1 when it is none.
func micros(ts string) int64 {
	seconds, rest, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return -1
	}
	rest = (rest + "000000")[:6]
	u, err := strconv.ParseInt(rest, 10, 64)
	if err != nil {
		return -1
	}
	return s*1e6 + u
}

// between keeps the messages within oldest and latest, which are left out themselves unless inclusive is set.
func (c *call) between(all []*Message) ([]*Message, error) {
	oldest, latest := int64(-1), int64(1<<62)
	if s := c.str("oldest"); s != "" {
		if oldest = micros(s); oldest < 0 {
			return nil, fail("invalid_ts_oldest")
		}
	}
	if s := c.str("latest"); s != "" && s != "now" {
		if latest = micros(s); latest < 0 {
			return nil, fail("invalid_ts_latest")
		}
	}
	if c.flag("inclusive") {
		oldest, latest = oldest-1, latest+1
	}
	if lag := c.state.switches.lag; lag > 0 {
		latest = min(latest, c.at.Add(-lag).UnixMicro()+1)
	}
	var out []*Message
	for _, m := range all {
		if at := micros(m.TS); at > oldest && at < latest {
			out = append(out, m)
		}
	}
	return out, nil
}

func (c *call) readable() (*channel, error) {
	ch, err := c.may(toHistory)
	if err == nil && !ch.has(c.self.BotUserID) {
		return nil, fail("not_in_channel")
	}
	return ch, err
}

func conversationsHistory(c *call) (obj, error) {
	ch, err := c.readable()
	if err != nil {
		return nil, err
	}
	var roots []*Message // replies are in conversations.replies only, unless they were shown in the channel too
	for _, m := range ch.messages {
		if m.ThreadTS == "" || m.Broadcast {
			roots = append(roots, m)
		}
	}
	if roots, err = c.between(roots); err != nil {
		return nil, err
	}
	slices.Reverse(roots) // the newest first, with oldest alone too
	return c.messagePage(ch, roots, obj{"pin_count": len(ch.Pins)})
}

func conversationsReplies(c *call) (obj, error) {
	ch, err := c.readable()
	if err != nil {
		return nil, err
	}
	m := ch.find(c.str("ts"))
	if m == nil {
		return nil, fail("thread_not_found")
	}
	root := m
	if m.ThreadTS != "" {
		if root = ch.find(m.ThreadTS); root == nil {
			root = m
		}
	}
	replies, err := c.between(ch.replies(root.TS))
	if err != nil {
		return nil, err
	}
	return c.messagePage(ch, append([]*Message{root}, replies...), obj{}) // the root comes with every page's first
}

func (c *call) messagePage(ch *channel, all []*Message, out obj) (obj, error) {
	page, next, err := paged(c, all, 1000)
	if err != nil {
		return nil, err
	}
	messages := make([]obj, 0, len(page))
	for _, m := range page {
		messages = append(messages, c.messageObject(ch, m, c.flag("include_all_metadata")))
	}
	out["messages"], out["has_more"] = messages, next != ""
	if next != "" {
		out["response_metadata"] = obj{"next_cursor": next}
	}
	return out, nil
}

// permalink is the address of a message.
func (ws *Workspace) permalink(m *Message) string {
	link := "https://" + ws.self.TeamDomain + ".slack.com/archives/" + m.Channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.ThreadTS != "" {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + m.Channel
	}
	return link
}
