package slackin

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/bot"
)

// envelope is the outside of an event. The inside is decoded field by field and
// only as far as it is used: one odd block in a message must not cost the event.
type envelope struct {
	Type           string          `json:"type"`
	Challenge      string          `json:"challenge"`
	TeamID         string          `json:"team_id"`
	AppID          string          `json:"api_app_id"` // ours
	EventID        string          `json:"event_id"`
	Event          json.RawMessage `json:"event"`
	Authorizations []struct {
		UserID string `json:"user_id"`
	} `json:"authorizations"`
}

// inner are the fields of the events that are used.
type inner struct {
	Type     string          `json:"type"`
	Subtype  string          `json:"subtype"`
	User     json.RawMessage `json:"user"` // an id, or the whole user in user_change and team_join
	BotID    string          `json:"bot_id"`
	AppID    string          `json:"app_id"`
	Text     string          `json:"text"`
	Channel  json.RawMessage `json:"channel"` // an id, or an object in channel_rename
	TS       string          `json:"ts"`
	ThreadTS string          `json:"thread_ts"`
	Team     string          `json:"team"`
	UserTeam string          `json:"user_team"`
	Tab      string          `json:"tab"` // of app_home_opened
}

// about names the message of a reaction, of an edit or of a deletion. What a
// message says is not read here.
type about struct {
	Reaction string `json:"reaction"`
	Item     struct {
		Channel string `json:"channel"`
		TS      string `json:"ts"`
	} `json:"item"`
	DeletedTS string `json:"deleted_ts"`
	Message   struct {
		TS string `json:"ts"`
	} `json:"message"`
}

func decodeEvent(body []byte) (envelope, error) {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil || e.Type == "" {
		return envelope{}, errShape
	}
	return e, nil
}

// word reads a JSON value that is a string, or an object with an id.
func word(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var o struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &o) == nil {
		return o.ID
	}
	return ""
}

// mention is the request of an app_mention: what follows the bot's own name. A
// bot that mentions us is not obeyed, or two bots could talk for ever, unless the
// operator allows it by its id or its app's; then it gets no answer. What we write
// ourselves is never obeyed.
func (e envelope) mention(robots map[string]bot.Robot) (bot.Request, bool) {
	var in inner
	if e.Type != "event_callback" || json.Unmarshal(e.Event, &in) != nil || in.Type != "app_mention" {
		return bot.Request{}, false
	}
	user, channel := word(in.User), word(in.Channel)
	if user == "" || user == e.botUser() || in.AppID != "" && in.AppID == e.AppID {
		return bot.Request{}, false
	}
	var robot *bot.Robot
	if in.BotID != "" {
		allowed, ok := robots[in.BotID]
		if !ok {
			allowed, ok = robots[in.AppID]
		}
		if !ok {
			return bot.Request{}, false
		}
		robot = &allowed
	}
	team := e.TeamID
	if in.UserTeam != "" {
		team = in.UserTeam
	}
	thread := in.ThreadTS
	req := bot.Request{
		Delivery: bot.Delivery{Source: "slack.event", ID: e.EventID},
		From:     bot.From{Team: team, User: user, Channel: channel, Thread: thread, Robot: robot},
		Surface:  "mention",
		Text:     afterMention(in.Text, e.botUser()),
	}
	if robot == nil {
		req.ReplyTo = &bot.ReplyTo{Channel: channel, User: user, Thread: thread}
	}
	return req, true
}

func (e envelope) botUser() string {
	if len(e.Authorizations) == 0 {
		return ""
	}
	return e.Authorizations[0].UserID
}

// afterMention is the command in a message that mentions the bot: what follows
// its name, wherever in the message that stands.
func afterMention(text, botUser string) string {
	start := strings.Index(text, "<@"+botUser)
	if start < 0 {
		return text
	}
	_, after, ok := strings.Cut(text[start:], ">")
	if !ok {
		return text
	}
	return strings.TrimSpace(after)
}

// observed are the events besides mentions that mean something to Rollcall.
var observed = map[string]bool{
	"member_joined_channel": true, "member_left_channel": true,
	"team_join": true, "user_change": true,
	"channel_archive": true, "group_archive": true, "channel_deleted": true, "group_deleted": true,
	"channel_left": true, "group_left": true,
	"reaction_added": true, "reaction_removed": true, "message": true,
	"app_home_opened": true,
}

// meant are the reactions that mean something.
var meant = map[string]bool{bot.PinEmoji: true, bot.TaskEmoji: true}

// wrote are the subtypes of messages that a person writes.
var wrote = map[string]bool{"": true, "file_share": true, "thread_broadcast": true, "me_message": true}

// present is the happening of somebody who was there, without the message.
func present(h bot.Happening) bot.Happening {
	return bot.Happening{Type: bot.Present, Team: h.Team, User: h.User, Channel: h.Channel}
}

// Events are all events that are taken in, sorted: what the app subscribes to.
func Events() []string {
	all := append(slices.Collect(maps.Keys(observed)), "app_mention", "message.channels", "message.groups")
	return slices.Sorted(slices.Values(slices.DeleteFunc(all, func(e string) bool { return e == "message" })))
}

// happening is what happened in Slack; ok is false for what is not used, which
// is dropped unread.
func (e envelope) happening() (bot.Happening, bool) {
	var in inner
	if e.Type != "event_callback" || json.Unmarshal(e.Event, &in) != nil || !observed[in.Type] {
		return bot.Happening{}, false
	}
	h := bot.Happening{
		Delivery: bot.Delivery{Source: "slack.event", ID: e.EventID},
		Type:     in.Type, Team: e.TeamID, User: word(in.User), Channel: word(in.Channel),
	}
	switch in.Type {
	case "app_home_opened":
		return h, in.Tab == "home" && h.User != ""
	case "reaction_added", "reaction_removed", "message":
		return e.onMessage(h, in)
	}
	return h, true
}

// onMessage is a happening that is about one message: a reaction that means
// something, an edit, a deletion. Of what else is written or reacted in a channel
// only who was there is kept; the rest is dropped unread.
func (e envelope) onMessage(h bot.Happening, in inner) (bot.Happening, bool) {
	subtype := in.Subtype
	if h.Type == "message" && subtype != "message_changed" && subtype != "message_deleted" {
		return present(h), wrote[subtype] && in.BotID == "" && h.User != "" && h.Channel != ""
	}
	var a about
	if json.Unmarshal(e.Event, &a) != nil {
		return bot.Happening{}, false
	}
	if h.Type == "message" {
		h.Type, h.TS = subtype, cmp.Or(a.DeletedTS, a.Message.TS)
	} else {
		h.Channel, h.TS, h.Emoji = a.Item.Channel, a.Item.TS, a.Reaction
		if !meant[h.Emoji] {
			return present(h), h.Type == "reaction_added" && h.User != "" && h.Channel != ""
		}
		if h.User == "" {
			return bot.Happening{}, false
		}
	}
	return h, h.Channel != "" && h.TS != ""
}
