package slackfake

import (
	"slices"
	"strings"
)

// pinLimit is how many pins a channel takes before too_many_pins; bookmarkLimit likewise for bookmarks.
const (
	pinLimit      = 100
	bookmarkLimit = 100
	reactionLimit = 50 // different emoji on one message
)

// Pin is a pinned message.
type Pin struct{ TS, By string }

// Bookmark is a link at the top of a channel.
type Bookmark struct {
	ID, ChannelID      string
	Title, Link, Emoji string
	Created, Updated   int64
	By                 string
}

// item finds the message that pins.* and reactions.* are about.
func (c *call) item() (*channel, *Message, error) {
	ch, err := c.seen(c.str("channel"))
	if err != nil {
		return nil, nil, err
	}
	ts := c.str("timestamp")
	m := ch.find(ts)
	switch {
	case ts == "":
		return nil, nil, fail("no_item_specified")
	case m == nil:
		return nil, nil, fail("message_not_found")
	}
	return ch, m, nil
}

func pinsAdd(c *call) (obj, error) {
	ch, m, err := c.item()
	switch {
	case err != nil:
		return nil, err
	case !ch.has(c.self.BotUserID):
		return nil, fail("not_in_channel")
	case ch.Archived:
		return nil, fail("is_archived")
	case m.Subtype != "" && m.Subtype != "file_share":
		return nil, fail("not_pinnable")
	case ch.pinned(m.TS):
		return nil, fail("already_pinned")
	case len(ch.Pins) >= pinLimit:
		return nil, fail("too_many_pins")
	}
	ch.Pins = append(ch.Pins, Pin{TS: m.TS, By: c.self.BotUserID})
	c.note(ch, c.self.BotUserID, "pinned_item", "pinned a message to this channel.")
	c.emit("pin_added", obj{"user": c.self.BotUserID, "channel_id": ch.ID, "item": obj{"type": "message", "channel": ch.ID}}, ch)
	return obj{}, nil
}

func (ch *channel) pinned(ts string) bool {
	return slices.ContainsFunc(ch.Pins, func(p Pin) bool { return p.TS == ts })
}

func pinsRemove(c *call) (obj, error) {
	ch, m, err := c.item()
	switch {
	case err != nil:
		return nil, err
	case !ch.has(c.self.BotUserID):
		return nil, fail("not_in_channel")
	case !ch.pinned(m.TS):
		return nil, fail("no_pin")
	}
	ch.Pins = slices.DeleteFunc(ch.Pins, func(p Pin) bool { return p.TS == m.TS })
	return obj{}, nil
}

func pinsList(c *call) (obj, error) {
	ch, err := c.seen(c.str("channel"))
	switch {
	case err != nil:
		return nil, err
	case !ch.has(c.self.BotUserID):
		return nil, fail("not_in_channel")
	}
	items := []obj{}
	for _, p := range slices.Backward(ch.Pins) {
		if m := ch.find(p.TS); m != nil {
			items = append(items, obj{
				"type": "message", "channel": ch.ID, "message": c.messageObject(ch, m, true), "created": ch.Created.Unix(),
				"created_by": p.By,
			})
		}
	}
	return obj{"items": items}, nil
}

func (c *call) bookmarked() (*channel, error) {
	ch, err := c.seen(c.str("channel_id"))
	switch {
	case err != nil:
		return nil, err
	case !ch.has(c.self.BotUserID):
		return nil, fail("not_in_channel")
	case ch.Archived && c.method != "bookmarks.list":
		return nil, fail("channel_is_archived")
	}
	return ch, nil
}

func bookmarkObject(b *Bookmark) obj {
	return obj{
		"id": b.ID, "channel_id": b.ChannelID, "title": b.Title, "link": b.Link, "emoji": b.Emoji, "type": "link",
		"icon_url": "", "date_created": b.Created, "date_updated": b.Updated, "rank": "", "last_updated_by_user_id": b.By,
		"last_updated_by_team_id": "", "app_id": "", "shortcut_id": "",
	}
}

// checkLink is Slack's rule for a bookmark's link: an address that browsers open.
func checkLink(link string) error {
	if !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") || len(link) > 3000 || strings.ContainsAny(link, " \n<>") {
		return fail("invalid_link")
	}
	return nil
}

func bookmarksAdd(c *call) (obj, error) {
	ch, err := c.bookmarked()
	switch {
	case err != nil:
		return nil, err
	case c.str("title") == "" || c.str("type") == "":
		return nil, failWith("invalid_arguments", "[ERROR] missing required field: title or type")
	case c.str("type") != "link":
		return nil, fail("invalid_bookmark_type")
	case len(ch.Bookmarks) >= bookmarkLimit:
		return nil, fail("too_many_bookmarks")
	}
	if err := checkLink(c.str("link")); err != nil {
		return nil, err
	}
	b := Bookmark{
		ID: c.state.nextID("Bk"), ChannelID: ch.ID, Title: c.str("title"), Link: c.str("link"), Emoji: c.str("emoji"),
		Created: c.at.Unix(), By: c.self.BotUserID,
	}
	ch.Bookmarks = append(ch.Bookmarks, b)
	return obj{"bookmark": bookmarkObject(&b)}, nil
}

func bookmarksEdit(c *call) (obj, error) {
	ch, err := c.bookmarked()
	if err != nil {
		return nil, err
	}
	for n := range ch.Bookmarks {
		b := &ch.Bookmarks[n]
		if b.ID != c.str("bookmark_id") {
			continue
		}
		if link, there := c.args["link"]; there {
			if err := checkLink(link); err != nil {
				return nil, err
			}
			b.Link = link
		}
		for name, field := range map[string]*string{"title": &b.Title, "emoji": &b.Emoji} {
			if v, there := c.args[name]; there {
				*field = v
			}
		}
		b.Updated, b.By = c.at.Unix(), c.self.BotUserID
		return obj{"bookmark": bookmarkObject(b)}, nil
	}
	return nil, fail("not_found")
}

func bookmarksRemove(c *call) (obj, error) {
	ch, err := c.bookmarked()
	if err != nil {
		return nil, err
	}
	before := len(ch.Bookmarks)
	ch.Bookmarks = slices.DeleteFunc(ch.Bookmarks, func(b Bookmark) bool { return b.ID == c.str("bookmark_id") })
	if len(ch.Bookmarks) == before {
		return nil, fail("not_found")
	}
	return obj{}, nil
}

func bookmarksList(c *call) (obj, error) {
	ch, err := c.bookmarked()
	if err != nil {
		return nil, err
	}
	all := []obj{}
	for n := range ch.Bookmarks {
		all = append(all, bookmarkObject(&ch.Bookmarks[n]))
	}
	return obj{"bookmarks": all}, nil
}
