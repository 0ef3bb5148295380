package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Actor acts as a person in Slack's client would. What the client would not allow is an error.
type Actor struct {
	ws   *Workspace
	user string
}

// Actor returns the hands of a person, by id or name.
func (ws *Workspace) Actor(user string) Actor {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for id, u := range ws.state.people {
		if u.Name == strings.TrimPrefix(user, "@") {
			user = id
		}
	}
	return Actor{ws: ws, user: user}
}

// ID is the person's id.
func (a Actor) ID() string { return a.user }

// act changes the workspace under the lock and waits until the events of it were delivered.
func (a Actor) act(ctx context.Context, what string, change func(*state, *User) error) error {
	a.ws.mu.Lock()
	u, err := a.person()
	if err == nil {
		err = change(&a.ws.state, u)
	}
	a.ws.mu.Unlock()
	events := a.ws.flush()
	a.ws.hub.changed(what)
	if err != nil {
		return fmt.Errorf("%s by %s: %w", what, a.user, err)
	}
	return await(ctx, events)
}

func (a Actor) person() (*User, error) {
	u, ok := a.ws.state.people[a.user]
	switch {
	case !ok:
		return nil, errors.New("there is no such person")
	case u.Deleted:
		return nil, errors.New("the account is deactivated")
	}
	return u, nil
}

// room finds a conversation that the person can write in. "@rollcall", or the bot's id, is the direct one with the app.
func (a Actor) room(ref string) (*channel, error) {
	s := &a.ws.state
	if name := strings.TrimPrefix(ref, "@"); name == a.ws.self.BotUserID || name == s.people[a.ws.self.BotUserID].Name {
		ch, _ := a.ws.direct([]string{a.user})
		return ch, nil
	}
	ch := s.resolve(ref)
	switch {
	case ch == nil || (ch.Kind != Public && !ch.has(a.user)):
		return nil, fmt.Errorf("there is no channel %q to be seen", ref)
	case ch.Archived:
		return nil, fmt.Errorf("channel %q is archived", ref)
	}
	return ch, nil
}

// Slash types a command in a channel and returns what the bot answered. Its answer is shown as Slack would show it.
func (a Actor) Slash(ctx context.Context, channelRef, command, text string) (Answer, error) {
	var d *Delivery
	var h hook
	err := a.act(ctx, command, func(s *state, u *User) error {
		ch, err := a.room(channelRef)
		if err != nil {
			return err
		}
		if !a.ws.opts.PlainCommands {
			text = s.escapeTyped(text, true)
		}
		name := ch.Name
		switch ch.Kind {
		case Direct:
			name = "directmessage"
		case Private, Group:
			name = "privategroup" // what Slack says instead of the name of a private channel
		default:
		}
		h = hook{user: a.user, channel: ch.ID}
		d = a.ws.newDelivery(Command, command, map[string]string{
			"token": "verification-test", "team_id": u.TeamID, "team_domain": a.ws.self.TeamDomain, "channel_id": ch.ID,
			"channel_name": name, "user_id": u.ID, "user_name": u.Name, "command": command, "text": strings.TrimSpace(text),
			"api_app_id": a.ws.self.AppID, "is_enterprise_install": "false", "response_url": a.ws.newHook("commands", h),
			"trigger_id": a.ws.newTrigger(a.user),
		})
		return nil
	})
	if err != nil {
		return Answer{}, err
	}
	answer := a.ws.attempt(ctx, d, "", 0)
	err = a.act(ctx, "answer", func(*state, *User) error {
		a.ws.shown(&answer, &h, command)
		return nil
	})
	return answer, err
}

// shown shows the answer to a command: its text, or what Slack says of a bot that failed.
func (ws *Workspace) shown(a *Answer, h *hook, command string) {
	var r reply
	switch {
	case !a.good():
	case len(strings.TrimSpace(string(a.Body))) == 0:
		return
	case json.Unmarshal(a.Body, &r) != nil:
		r = reply{Text: string(a.Body)} // plain text is shown too
	}
	content, err := r.content()
	if a.good() && (err != nil || content.empty()) {
		if err == nil && strings.TrimSpace(string(a.Body)) == "{}" {
			return
		}
		a.Error = "invalid_command_response"
	}
	if a.Error != "" || a.Status != http.StatusOK {
		a.Error = or(a.Error, "dispatch_failed")
		content, r.ResponseType = Content{Text: command + ` failed with the error "` + a.Error + `"`}, ""
		if ch := ws.state.channels[h.channel]; ch != nil {
			ws.whisper(ch, h.user, "", content, "slack")
		}
		return
	}
	ws.reply(h, r, content, "answer")
}

// Post writes a message; thread is the stamp of the message that it answers, or "". Mentions of the bot reach it as
// app_mention, where it is in the channel.
func (a Actor) Post(ctx context.Context, channelRef, thread, text string) (Message, error) {
	var m Message
	err := a.act(ctx, "message", func(s *state, u *User) error {
		ch, err := a.room(channelRef)
		switch {
		case err != nil:
			return err
		case !ch.has(a.user):
			return errors.New("a message needs a member of the channel")
		case thread != "" && ch.find(thread) == nil:
			return errors.New("there is no such thread")
		}
		p := &Message{Channel: ch.ID, ThreadTS: thread, User: a.user, Content: Content{Text: s.escapeTyped(text, false)}}
		a.ws.put(ch, p)
		a.ws.emitMessage(ch, p)
		if strings.Contains(p.Text, "<@"+a.ws.self.BotUserID+">") && ch.Kind != Direct {
			a.ws.emitMention(ch, p, u)
		}
		m = *p
		return nil
	})
	return m, err
}

// Mention writes a message that begins with the bot's name.
func (a Actor) Mention(ctx context.Context, channelRef, thread, text string) (Message, error) {
	a.ws.mu.Lock()
	name := a.ws.state.people[a.ws.self.BotUserID].Name
	a.ws.mu.Unlock()
	return a.Post(ctx, channelRef, thread, "@"+name+" "+text)
}

func (ws *Workspace) emitMention(ch *channel, m *Message, u *User) {
	inner := obj{
		"user": m.User, "text": m.Text, "ts": m.TS, "channel": ch.ID, "event_ts": m.TS, "team": u.TeamID,
		"client_msg_id": "msg-" + m.Channel + "-" + m.TS,
	}
	if m.ThreadTS != "" {
		inner["thread_ts"] = m.ThreadTS
	}
	if u.TeamID != ws.self.TeamID {
		inner["user_team"], inner["source_team"] = u.TeamID, u.TeamID
	}
	if u.Bot {
		inner["bot_id"] = "B" + u.ID
	}
	ws.emit("app_mention", inner, ch)
}

// React puts an emoji on a message.
func (a Actor) React(ctx context.Context, channelRef, ts, emoji string) error {
	return a.reaction(ctx, channelRef, ts, emoji, true)
}

// Unreact takes an emoji off a message.
func (a Actor) Unreact(ctx context.Context, channelRef, ts, emoji string) error {
	return a.reaction(ctx, channelRef, ts, emoji, false)
}

func (a Actor) reaction(ctx context.Context, channelRef, ts, emoji string, on bool) error {
	return a.act(ctx, "reaction", func(*state, *User) error {
		ch, err := a.room(channelRef)
		if err != nil {
			return err
		}
		m := ch.find(ts)
		if m == nil {
			return errors.New("there is no such message")
		}
		return a.ws.react(ch, m, a.user, emoji, on)
	})
}
