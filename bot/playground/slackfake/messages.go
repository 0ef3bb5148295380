package slackfake

import (
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// Slack's limits on texts, in characters (docs.slack.dev, chat.postMessage and chat.update).
const (
	postLimit     = 40_000
	updateLimit   = 4_000
	markdownLimit = 12_000
	metadataLimit = 16_000
)

// Message is a message in a conversation, as it stands now.
type Message struct {
	Channel, TS string
	ThreadTS    string // of the message that it answers; "" outside threads
	User        string
	App         bool   // posted by the installed app
	Subtype     string // "" for what people and the app write
	Content
	EditedTS  string
	Reactions []Reaction
	Files     []string // ids
	Broadcast bool     // a reply shown in the channel too
}

// Content is what a message says, exactly as it was sent.
type Content struct {
	Text        string
	Blocks      json.RawMessage
	Attachments json.RawMessage
	Metadata    json.RawMessage
}

// Reaction is an emoji on a message, and who put it there.
type Reaction struct {
	Name  string
	Users []string
}

// Ephemeral is a message that one person sees, in the order of Ephemerals.
type Ephemeral struct {
	To, Channel, TS, ThreadTS string
	Content
	Via  string // how it came: answer, response_url or chat.postEphemeral
	Gone bool   // deleted
}

// content reads what a call says, within limits.
func (c *call) content(textLimit int) (Content, error) {
	m := Content{Text: c.str("text")}
	if md := c.str("markdown_text"); md != "" {
		switch {
		case m.Text != "" || c.str("blocks") != "":
			return m, fail("markdown_text_conflict")
		case utf8.RuneCountInString(md) > markdownLimit:
			return m, fail("msg_too_long")
		}
		m.Text = md
	}
	if err := m.fill(c.str("blocks"), c.str("attachments"), c.str("metadata"), textLimit); err != nil {
		return m, err
	}
	return m, c.phone(&m)
}

// fill checks and takes over the parts of a message. Empty parts stay as they are.
func (m *Content) fill(blocks, attachments, metadata string, textLimit int) error {
	if utf8.RuneCountInString(m.Text) > textLimit {
		return fail("msg_too_long")
	}
	list, err := decodeBlocks(blocks)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		if err := checkMessageBlocks(list); err != nil {
			return err
		}
		m.Blocks = encode(withIDs(list))
	}
	if attachments != "" && attachments != "null" && attachments != "[]" {
		var all []obj
		switch {
		case json.Unmarshal([]byte(attachments), &all) != nil:
			return fail("invalid_attachments")
		case len(all) > 100:
			return fail("too_many_attachments")
		}
		m.Attachments = json.RawMessage(attachments)
	}
	if metadata != "" && metadata != "{}" && metadata != "null" {
		var meta struct {
			Type    string `json:"event_type"`
			Payload obj    `json:"event_payload"`
		}
		switch {
		case len(metadata) > metadataLimit:
			return fail("metadata_too_large")
		case json.Unmarshal([]byte(metadata), &meta) != nil:
			return fail("invalid_metadata_format")
		case meta.Type == "" || meta.Payload == nil:
			return failWith("invalid_metadata_schema", "metadata needs event_type and event_payload")
		}
		m.Metadata = json.RawMessage(metadata)
	}
	return nil
}

// empty says whether there is nothing that a message may consist of.
func (m Content) empty() bool { return m.Text == "" && m.Blocks == nil && m.Attachments == nil }

// target is the conversation that a message of the app goes to: by id or #name, and a direct one by a person's id.
func (c *call) target() (*channel, error) {
	ref := c.str("channel")
	if u, ok := c.state.people[ref]; ok {
		if u.Deleted || u.Bot {
			return nil, fail("channel_not_found")
		}
		ch, _ := c.direct([]string{ref})
		return ch, nil
	}
	ch := c.state.resolve(ref)
	switch {
	case ch == nil, ch.Kind != Public && !ch.has(c.self.BotUserID):
		return nil, fail("channel_not_found")
	case ch.Archived:
		return nil, fail("is_archived")
	case !ch.has(c.self.BotUserID) && c.needs("chat:write.public") != nil:
		return nil, fail("not_in_channel")
	}
	return ch, nil
}

func chatPostMessage(c *call) (obj, error) {
	ch, err := c.target()
	if err != nil {
		return nil, err
	}
	content, err := c.content(postLimit)
	switch {
	case err != nil:
		return nil, err
	case content.empty():
		return nil, fail("no_text")
	}
	m := &Message{Channel: ch.ID, User: c.self.BotUserID, App: true, Content: content, Broadcast: c.flag("reply_broadcast")}
	if thread := c.str("thread_ts"); thread != "" {
		root := ch.find(thread)
		if root == nil {
			return nil, fail("thread_not_found")
		}
		m.ThreadTS = or(root.ThreadTS, root.TS)
	}
	c.put(ch, m)
	c.emitMessage(ch, m)
	return obj{"channel": ch.ID, "ts": m.TS, "message": c.messageObject(ch, m, true)}, nil
}

func chatPostEphemeral(c *call) (obj, error) {
	ch, err := c.target()
	if err != nil {
		return nil, err
	}
	user := c.str("user")
	content, err := c.content(postLimit)
	switch {
	case err != nil:
		return nil, err
	case c.state.people[user] == nil:
		return nil, fail("user_not_found")
	case !ch.has(user):
		return nil, fail("user_not_in_channel")
	case !ch.has(c.self.BotUserID):
		return nil, fail("not_in_channel")
	case content.empty():
		return nil, fail("no_text")
	}
	e := c.whisper(ch, user, c.str("thread_ts"), content, "chat.postEphemeral")
	return obj{"message_ts": e.TS}, nil
}

// whisper shows one person a message.
func (ws *Workspace) whisper(ch *channel, user, thread string, content Content, via string) *Ephemeral {
	e := &Ephemeral{To: user, Channel: ch.ID, TS: ch.stamp(ws.now()), ThreadTS: thread, Content: content, Via: via}
	ws.state.ephemerals = append(ws.state.ephemerals, e)
	return e
}

// put stamps a message and adds it to its conversation.
func (ws *Workspace) put(ch *channel, m *Message) {
	m.TS = ch.stamp(ws.now())
	ch.messages = append(ch.messages, m)
}

// note adds a line that Slack itself writes.
func (ws *Workspace) note(ch *channel, user, subtype, text string) {
	ws.put(ch, &Message{Channel: ch.ID, User: user, Subtype: subtype, Content: Content{Text: "<@" + user + "> " + text}})
}

func (ch *channel) find(ts string) *Message {
	for _, m := range ch.messages {
		if m.TS == ts {
			return m
		}
	}
	return nil
}

// owned finds the message of the app's own that a call is about.
func (c *call) owned(otherwise string) (*channel, *Message, error) {
	ch, err := c.seen(c.str("channel"))
	if err != nil {
		return nil, nil, err
	}
	m := ch.find(c.str("ts"))
	switch {
	case m == nil: // an ephemeral message too: nothing but its response URL reaches it
		return nil, nil, fail("message_not_found")
	case !m.App || m.Subtype != "":
		return nil, nil, fail(otherwise)
	case ch.Archived:
		return nil, nil, fail("is_archived")
	}
	return ch, m, nil
}

func chatUpdate(c *call) (obj, error) {
	ch, m, err := c.owned("cant_update_message")
	if err != nil {
		return nil, err
	}
	content, err := c.content(updateLimit)
	switch {
	case err != nil:
		return nil, err
	case content.empty():
		return nil, fail("no_text")
	}
	if c.str("blocks") == "" && content.Text == "" { // with a text and no blocks, Slack takes the blocks away
		content.Blocks = m.Blocks
	}
	if c.str("attachments") == "" {
		content.Attachments = m.Attachments
	}
	if content.Metadata == nil && c.str("metadata") == "" {
		content.Metadata = m.Metadata
	}
	m.Content, m.EditedTS = content, ch.stamp(c.at)
	c.emitMessageChange(ch, m, "message_changed")
	return obj{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": c.messageObject(ch, m, true)}, nil
}

func chatDelete(c *call) (obj, error) {
	ch, m, err := c.owned("cant_delete_message")
	if err != nil {
		return nil, err
	}
	c.drop(ch, m)
	c.emitMessageChange(ch, m, "message_deleted")
	return obj{"channel": ch.ID, "ts": m.TS}, nil
}

// drop deletes a message, with its pin.
func (ws *Workspace) drop(ch *channel, m *Message) {
	ch.messages = slices.DeleteFunc(ch.messages, func(o *Message) bool { return o == m })
	ch.Pins = slices.DeleteFunc(ch.Pins, func(p Pin) bool { return p.TS == m.TS })
}

func chatGetPermalink(c *call) (obj, error) {
	ch, err := c.seen(c.str("channel"))
	if err != nil {
		return nil, err
	}
	m := ch.find(c.str("message_ts"))
	if m == nil {
		return nil, fail("message_not_found")
	}
	return obj{"channel": ch.ID, "permalink": c.permalink(m)}, nil
}
