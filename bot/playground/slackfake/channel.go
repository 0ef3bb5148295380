package slackfake

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Channel is a conversation: public, private, or direct between the app and one or more people.
type Channel struct {
	ID      string
	Name    string // "" for direct conversations
	Kind    Kind
	Creator string
	Created time.Time
	Members []string // ids, in the order of joining
	About
	Archived  bool
	Pins      []Pin
	Bookmarks []Bookmark
}

// About is what a channel says of itself.
type About struct{ Topic, Purpose string }

// Kind is what sort of conversation a channel is.
type Kind string

// Kinds of conversations, as Slack's parameter "types" names them.
const (
	Public  Kind = "public_channel"
	Private Kind = "private_channel"
	Direct  Kind = "im"
	Group   Kind = "mpim"
)

// channel is a Channel with its messages.
type channel struct {
	Channel
	messages []*Message // by stamp; thread replies among them
	last     int64      // microseconds of the last stamp
	canvas   string     // the channel's own canvas
}

func (ch *channel) has(user string) bool { return slices.Contains(ch.Members, user) }

// AddChannel makes a channel as a person would, without the rules for the app, and returns its id.
func (ws *Workspace) AddChannel(name string, private bool, creator string, members ...string) string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	kind := Public
	if private {
		kind = Private
	}
	everybody := members
	if creator != "" && !slices.Contains(members, creator) {
		everybody = append([]string{creator}, members...)
	}
	ch := ws.newChannel(name, kind, creator, everybody)
	if name == "general" {
		ch.Members = []string{ws.self.BotUserID}
	}
	ws.hub.changed("channel")
	return ch.ID
}

func (ws *Workspace) newChannel(name string, kind Kind, creator string, members []string) *channel {
	prefix := "C"
	if kind == Direct {
		prefix = "D"
	}
	ch := &channel{Channel: Channel{
		ID: ws.state.nextID(prefix), Name: name, Kind: kind, Creator: creator, Created: ws.now().Truncate(time.Second),
		Members: slices.Clone(members),
	}}
	ws.state.channels[ch.ID] = ch
	ws.state.order = append(ws.state.order, ch.ID)
	return ch
}

// stamp is the next message stamp of a channel: the present time, and later than any before it.
func (ch *channel) stamp(now time.Time) string {
	ch.last = max(now.UnixMicro(), ch.last+1)
	return fmt.Sprintf("%d.%06d", ch.last/1e6, ch.last%1e6)
}

func (s *state) byName(name string) *channel {
	for _, id := range s.order {
		if ch := s.channels[id]; ch != nil && ch.Name == name && name != "" {
			return ch
		}
	}
	return nil
}

// resolve finds a channel by id, #name or name, without regard to who asks.
func (s *state) resolve(ref string) *channel {
	if ch, ok := s.channels[ref]; ok {
		return ch
	}
	return s.byName(strings.TrimPrefix(ref, "#"))
}

// verb is what a call wants of a conversation; scopes differ by it.
type verb string

const (
	toRead     verb = "read"
	toHistory  verb = "history"
	toManage   verb = "write"
	toInvite   verb = "write.invites"
	toDescribe verb = "write.topic"
)

// scopes are those of which one lets an app do something in a kind of conversation.
func scopes(k Kind, v verb) []string {
	family := map[Kind]string{Public: "channels", Private: "groups", Direct: "im", Group: "mpim"}[k]
	switch {
	case v == toRead || v == toHistory:
		return []string{family + ":" + string(v)}
	case k == Public && v == toManage:
		return []string{"channels:manage"}
	case k == Public:
		return []string{"channels:manage", "channels:" + string(v)}
	case v == toManage:
		return []string{family + ":write"}
	default:
		return []string{family + ":write", family + ":" + string(v)}
	}
}

// seen finds the conversation that a call names, if the app can see it: a private one only as a member.
func (c *call) seen(id string) (*channel, error) {
	ch, ok := c.state.channels[id]
	if !ok || (ch.Kind != Public && !ch.has(c.self.BotUserID)) {
		return nil, fail("channel_not_found")
	}
	return ch, nil
}

// may is seen, with the scopes for a verb.
func (c *call) may(v verb) (*channel, error) {
	ch, err := c.seen(c.str("channel"))
	if err != nil {
		return nil, err
	}
	return ch, c.needs(scopes(ch.Kind, v)...)
}

// mine is may, for what only members do in channels that are not archived.
func (c *call) mine(v verb) (*channel, error) {
	ch, err := c.may(v)
	switch {
	case err != nil:
		return nil, err
	case !ch.has(c.self.BotUserID):
		return nil, fail("not_in_channel")
	case ch.Archived:
		return nil, fail("is_archived")
	}
	return ch, nil
}

// channelObject is a conversation as Slack shows it to the app.
func (ws *Workspace) channelObject(ch *channel) obj {
	about := func(value string) obj {
		return obj{"value": value, "creator": ch.Creator, "last_set": ch.Created.Unix()}
	}
	out := obj{
		"id": ch.ID, "created": ch.Created.Unix(), "is_archived": ch.Archived, "creator": ch.Creator,
		"is_im": ch.Kind == Direct, "is_mpim": ch.Kind == Group, "is_private": ch.Kind != Public,
		"is_channel": ch.Kind == Public || ch.Kind == Private, "is_group": ch.Kind == Private, "is_shared": ws.shared(ch),
		"is_ext_shared": ws.shared(ch), "is_org_shared": false, "is_member": ch.has(ws.self.BotUserID),
		"context_team_id": ws.self.TeamID, "unlinked": 0,
	}
	if ch.Kind == Direct {
		out["user"] = ch.other(ws.self.BotUserID)
		return out
	}
	out["name"], out["name_normalized"], out["is_general"] = ch.Name, ch.Name, ch.Name == "general"
	out["topic"], out["purpose"], out["num_members"] = about(ch.Topic), about(ch.Purpose), len(ch.Members)
	if ch.canvas != "" {
		out["properties"] = obj{"canvas": obj{"file_id": ch.canvas, "is_empty": false, "quip_thread_id": ""}}
	}
	return out
}

// shared says whether people of another workspace are in a channel.
func (ws *Workspace) shared(ch *channel) bool {
	return slices.ContainsFunc(ch.Members, func(id string) bool {
		u := ws.state.people[id]
		return u != nil && u.TeamID != ws.self.TeamID
	})
}

func (ch *channel) other(self string) string {
	for _, m := range ch.Members {
		if m != self {
			return m
		}
	}
	return self
}

// paged cuts the page that a call asks for, with Slack's opaque cursors.
func paged[T any](c *call, all []T, most int) (page []T, next string, err error) {
	limit := c.number("limit", 100)
	if limit < 1 || limit > most {
		return nil, "", fail("invalid_limit")
	}
	start := 0
	if cursor := c.str("cursor"); cursor != "" {
		raw, bad := base64.StdEncoding.DecodeString(cursor)
		word, _ := strings.CutPrefix(string(raw), "at:")
		if start, err = strconv.Atoi(word); bad != nil || err != nil || start < 0 || start > len(all) {
			return nil, "", fail("invalid_cursor")
		}
	}
	end := min(start+limit, len(all))
	if end < len(all) {
		next = base64.StdEncoding.EncodeToString([]byte("at:" + strconv.Itoa(end)))
	}
	return all[start:end], next, nil
}
