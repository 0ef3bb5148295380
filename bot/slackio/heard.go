package slackio

import (
	"cmp"
	"context"
	"strings"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot"
)

// Message reads one message, replies in threads too, with who reacted how. ok is
// false when it is not there (any more). Class: idempotent, it reads.
//
// It is reactions.get: conversations.history does not return replies, and the
// reactions that it returns name only some of the people.
func (c *Client) Message(ctx context.Context, channel, ts string) (m bot.Message, ok bool, err error) {
	self, err := c.whoAmI(ctx)
	if err != nil {
		return bot.Message{}, false, err
	}
	var item slack.ReactedItem
	err = c.patient(ctx, "reactions.get", "", func(ctx context.Context) (err error) {
		item, err = c.api.GetReactionsContext(ctx, slack.NewRefToMessage(channel, ts), slack.GetReactionsParameters{Full: true})
		return err
	})
	if is(err, "message_not_found") {
		return bot.Message{}, false, nil
	}
	if err != nil {
		return bot.Message{}, false, err
	}
	got := item.Message
	if got == nil || got.SubType == "tombstone" { // what is left of a deleted message with replies
		return bot.Message{}, false, nil
	}
	m = bot.Message{
		Channel: channel, TS: ts, User: got.User, Ours: got.User == self.UserID || got.BotID != "" && got.BotID == self.BotID,
		Text: words(got), Link: permalink(self.URL, channel, ts, got.ThreadTimestamp), Reactions: map[string][]string{},
	}
	if got.ThreadTimestamp != ts {
		m.Thread = got.ThreadTimestamp
	}
	if got.BotID != "" && !m.Ours {
		m.App = cmp.Or(got.Username, profileName(got), "an app")
	}
	for _, f := range got.Files {
		if address := link(cmp.Or(f.Permalink, f.URLPrivate)); address != "" {
			m.Files = append(m.Files, bot.File{Name: cmp.Or(f.Title, f.Name), URL: address})
		}
	}
	for _, r := range item.Reactions {
		m.Reactions[r.Name] = r.Users
	}
	return m, true, nil
}

// words is the text of a message; of one that has only attachments, as monitors
// send them, what stands in for the first.
func words(m *slack.Message) string {
	if m.Text != "" || len(m.Attachments) == 0 {
		return m.Text
	}
	a := m.Attachments[0]
	return cmp.Or(a.Fallback, a.Title, a.Text)
}

func profileName(m *slack.Message) string {
	if m.BotProfile == nil {
		return ""
	}
	return m.BotProfile.Name
}

// permalink is the address of a message: that of the workspace, the channel and
// the stamp without its point (chat.getPermalink would answer the same).
func permalink(workspace, channel, ts, thread string) string {
	if workspace == "" {
		return ""
	}
	address := strings.TrimRight(workspace, "/") + "/archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", "")
	if thread != "" && thread != ts {
		address += "?thread_ts=" + thread + "&cid=" + channel
	}
	return address
}
