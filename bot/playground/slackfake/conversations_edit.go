package slackfake

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func conversationsSetTopic(c *call) (obj, error) {
	return c.describe("topic", func(ch *channel, text string) { ch.Topic = text })
}

func conversationsSetPurpose(c *call) (obj, error) {
	return c.describe("purpose", func(ch *channel, text string) { ch.Purpose = text })
}

// describe sets a channel's topic or purpose. Slack notes each change of it with a line in the channel.
func (c *call) describe(what string, set func(*channel, string)) (obj, error) {
	ch, err := c.mine(toDescribe)
	text := c.str(what)
	switch {
	case err != nil:
		return nil, err
	case ch.Kind == Direct:
		return nil, fail("method_not_supported_for_channel_type")
	case utf8.RuneCountInString(text) > topicLimit:
		return nil, fail("too_long")
	}
	set(ch, text)
	c.note(ch, c.self.BotUserID, ch.lineName(what), "set the channel "+what+": "+text)
	return obj{"channel": c.channelObject(ch)}, nil
}

func conversationsRename(c *call) (obj, error) {
	ch, err := c.mine(toManage)
	name := fitName(c.str("name"))
	switch {
	case err != nil:
		return nil, err
	case ch.Creator != c.self.BotUserID: // "only creators and administrators"
		return nil, fail("not_authorized")
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	if other := c.state.byName(name); other != nil && other != ch {
		return nil, fail("name_taken")
	}
	c.rename(ch, c.self.BotUserID, name)
	return obj{"channel": c.channelObject(ch)}, nil
}

// fitName bends a name to the rules: renaming does, where creating refuses (docs.slack.dev, conversations.rename).
func fitName(name string) string {
	fitted := []rune(strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || unicode.IsDigit(r) || unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return '-'
	}, strings.TrimSpace(name)))
	return string(fitted[:min(len(fitted), nameLimit)])
}

func (ws *Workspace) rename(ch *channel, user, name string) {
	old := ch.Name
	ch.Name = name
	ws.note(ch, user, ch.lineName("name"), "has renamed the channel from \""+old+"\" to \""+name+"\"")
	ws.emit(ch.eventName("rename"), obj{"channel": obj{
		"id": ch.ID, "name": name, "name_normalized": name, "created": ch.Created.Unix(),
	}}, ch)
}

func conversationsArchive(c *call) (obj, error) {
	ch, err := c.may(toManage)
	switch {
	case err != nil:
		return nil, err
	case ch.Archived:
		return nil, fail("already_archived")
	case ch.Name == "general":
		return nil, fail("cant_archive_general")
	case ch.Kind == Direct || ch.Kind == Group:
		return nil, fail("method_not_supported_for_channel_type")
	case !ch.has(c.self.BotUserID):
		return nil, fail("not_in_channel")
	}
	c.archive(ch, c.self.BotUserID, true)
	return obj{}, nil
}

func conversationsUnarchive(c *call) (obj, error) {
	ch, err := c.may(toManage)
	switch {
	case err != nil:
		return nil, err
	case !ch.Archived:
		return nil, fail("not_archived")
	}
	c.archive(ch, c.self.BotUserID, false)
	return obj{}, nil
}

func (ws *Workspace) archive(ch *channel, user string, on bool) {
	what, line := "archive", "archived the channel"
	if !on {
		what, line = "unarchive", "un-archived the channel"
	}
	ws.note(ch, user, ch.lineName(what), line)
	ch.Archived = on
	ws.emit(ch.eventName(what), obj{"channel": ch.ID, "user": user}, ch)
}

// eventName is what Slack calls an event in this kind of channel: channel_left, group_left.
func (ch *channel) eventName(what string) string {
	if ch.Kind == Public {
		return "channel_" + what
	}
	return "group_" + what
}

// lineName is the subtype of a line that Slack itself writes into a channel.
func (ch *channel) lineName(what string) string { return ch.eventName(what) }
