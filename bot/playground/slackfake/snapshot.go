package slackfake

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Snapshot is the whole workspace at one moment.
type Snapshot struct {
	Identity
	Users      []User
	Channels   []ChannelView
	Ephemerals []Ephemeral
	Files      []File
	Views      map[string][]View // open modals by user, the topmost last
	Homes      map[string]View   // App Homes by user
}

// ChannelView is a channel with its messages, oldest first, replies among them.
type ChannelView struct {
	Channel
	Messages []Message
}

// Snapshot copies the state.
func (ws *Workspace) Snapshot() Snapshot {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	s := Snapshot{Identity: ws.self, Views: map[string][]View{}, Homes: map[string]View{}}
	for _, id := range slices.Sorted(maps.Keys(ws.state.people)) {
		s.Users = append(s.Users, *ws.state.people[id])
	}
	for _, id := range ws.state.order {
		s.Channels = append(s.Channels, ws.state.channels[id].view())
	}
	for _, e := range ws.state.ephemerals {
		s.Ephemerals = append(s.Ephemerals, *e)
	}
	for _, id := range slices.Sorted(maps.Keys(ws.state.files)) {
		s.Files = append(s.Files, *ws.state.files[id])
	}
	for user, stack := range ws.state.views {
		for _, v := range stack {
			s.Views[user] = append(s.Views[user], *v)
		}
	}
	for user, v := range ws.state.homes {
		s.Homes[user] = *v
	}
	return s
}

func (ch *channel) view() ChannelView {
	v := ChannelView{Channel: ch.Channel}
	v.Members, v.Pins, v.Bookmarks = slices.Clone(ch.Members), slices.Clone(ch.Pins), slices.Clone(ch.Bookmarks)
	for _, m := range ch.messages {
		c := *m
		c.Reactions = nil
		for _, r := range m.Reactions {
			c.Reactions = append(c.Reactions, Reaction{Name: r.Name, Users: slices.Clone(r.Users)})
		}
		c.Files = slices.Clone(m.Files)
		v.Messages = append(v.Messages, c)
	}
	return v
}

// Channel finds a channel by id, #name or name.
func (ws *Workspace) Channel(ref string) (ChannelView, bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch := ws.state.resolve(ref)
	if ch == nil {
		return ChannelView{}, false
	}
	return ch.view(), true
}

// Messages are what the app and people wrote in a channel, oldest first, without the lines that Slack writes.
func (ws *Workspace) Messages(ref string) []Message {
	ch, _ := ws.Channel(ref)
	return slices.DeleteFunc(ch.Messages, func(m Message) bool { return m.Subtype != "" && m.Subtype != "file_share" })
}

// MessageCount counts the messages of the app in a channel.
func (ws *Workspace) MessageCount(ref string) int {
	n := 0
	for _, m := range ws.Messages(ref) {
		if m.App {
			n++
		}
	}
	return n
}

// Ephemerals are the messages that only one person sees, in order, those that were deleted left out.
func (ws *Workspace) Ephemerals(user string) []Ephemeral {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	var out []Ephemeral
	for _, e := range ws.state.ephemerals {
		if e.To == user && !e.Gone {
			out = append(out, *e)
		}
	}
	return out
}

// DirectMessages are the messages in the direct conversation of the app with a person.
func (ws *Workspace) DirectMessages(user string) []Message {
	ws.mu.Lock()
	var id string
	for _, ch := range ws.state.channels {
		if ch.Kind == Direct && ch.has(user) {
			id = ch.ID
		}
	}
	ws.mu.Unlock()
	return ws.Messages(id)
}

// Files are the uploaded files, in the order of their ids.
func (ws *Workspace) Files() []File { return ws.Snapshot().Files }

// WaitFor waits until a condition holds; it is looked at after each change. The condition may ask the workspace.
func (ws *Workspace) WaitFor(ctx context.Context, holds func() bool) error {
	for {
		changed := ws.hub.next()
		if holds() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Plain is all that a person reads of a message: its text and the texts of its blocks.
func (m Content) Plain() string {
	parts := []string{m.Text}
	list, err := decodeBlocks(string(m.Blocks))
	if err != nil {
		return m.Text
	}
	for _, b := range list {
		collectTexts(b, &parts)
	}
	return strings.Join(parts, "\n")
}

// collectTexts gathers the texts in blocks, depth first.
func collectTexts(v any, into *[]string) {
	switch v := v.(type) {
	case obj:
		if s, ok := v["text"].(string); ok {
			*into = append(*into, s)
		}
		if c, ok := v["v1"].(obj); ok { // a call, as the block of one shows it
			state := "going on: " + word(c, "join_url")
			if c["has_ended"] == true {
				state = "ended"
			}
			*into = append(*into, "Phone call: "+word(c, "name")+", "+state)
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			collectTexts(v[name], into)
		}
	case []any:
		for _, e := range v {
			collectTexts(e, into)
		}
	}
}
