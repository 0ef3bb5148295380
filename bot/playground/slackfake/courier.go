package slackfake

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// courier delivers events one after the other, in the order in which they happened.
type courier struct {
	mu      sync.Mutex
	queue   []*Delivery
	running bool
}

// emit queues an event for the bot when the app subscribes to it. With a channel only when the app is in it.
func (ws *Workspace) emit(kind string, inner obj, ch *channel) {
	s := &ws.state
	name := kind
	if kind == "message" && ch != nil {
		name = map[Kind]string{Public: "message.channels", Private: "message.groups", Direct: "message.im", Group: "message.mpim"}[ch.Kind]
	}
	switch {
	case !slices.Contains(ws.opts.Events, name), s.switches.deaf:
		return
	case ch != nil && !ch.has(ws.self.BotUserID):
		return
	case s.switches.botURL == "" && !ws.socket.everOpened():
		return // there is no bot yet
	}
	s.counters["event"]++
	now := ws.now()
	inner["type"] = kind
	if inner["event_ts"] == nil {
		inner["event_ts"] = fmt.Sprintf("%d.%06d", now.Unix(), now.Nanosecond()/1000)
	}
	id := fmt.Sprintf("Ev%08d", s.counters["event"])
	shared := ch != nil && ws.shared(ch)
	d := ws.newDelivery(Event, kind, obj{
		"token": "verification-test", "team_id": ws.self.TeamID, "context_team_id": ws.self.TeamID, "api_app_id": ws.self.AppID,
		"event": inner, "type": "event_callback", "event_id": id, "event_time": now.Unix(), "is_ext_shared_channel": shared,
		"authorizations": []obj{{
			"enterprise_id": nil, "team_id": ws.self.TeamID, "user_id": ws.self.BotUserID, "is_bot": true,
			"is_enterprise_install": false,
		}},
		"event_context": "4-" + id,
	})
	d.EventID = id
	s.outbox = append(s.outbox, d)
}

// newDelivery numbers a payload and keeps it.
func (ws *Workspace) newDelivery(kind DeliveryKind, name string, payload any) *Delivery {
	d := &Delivery{ID: len(ws.state.sent) + 1, Kind: kind, Type: name, Payload: encode(payload), done: make(chan struct{})}
	ws.state.sent = append(ws.state.sent, d)
	return d
}

// emitMember tells the app who came or went; Slack also writes a line into the channel.
func (ws *Workspace) emitMember(kind string, ch *channel, user, inviter string) {
	subtype, line, letter := "channel_join", "has joined the channel", "C"
	if kind == "member_left_channel" {
		subtype, line = "channel_leave", "has left the channel"
	}
	if ch.Kind != Public {
		letter = "G"
	}
	ws.note(ch, user, subtype, line)
	inner := obj{"user": user, "channel": ch.ID, "channel_type": letter, "team": ws.self.TeamID}
	if u := ws.state.people[user]; u != nil {
		inner["team"] = u.TeamID
	}
	if inviter != "" {
		inner["inviter"] = inviter
	}
	ws.emit(kind, inner, ch)
}

// emitMessage tells the app of a message in a channel, where it asked to hear of all.
func (ws *Workspace) emitMessage(ch *channel, m *Message) {
	inner := ws.messageObject(ch, m, true)
	inner["channel"], inner["channel_type"], inner["event_ts"] = ch.ID, ch.typeName(), m.TS
	ws.emit("message", inner, ch)
}

func (ws *Workspace) emitMessageChange(ch *channel, m *Message, subtype string) {
	inner := obj{"subtype": subtype, "channel": ch.ID, "channel_type": ch.typeName(), "ts": ch.stamp(ws.now()), "hidden": true}
	if subtype == "message_deleted" {
		inner["deleted_ts"], inner["previous_message"] = m.TS, ws.messageObject(ch, m, false)
	} else {
		inner["message"] = ws.messageObject(ch, m, false)
	}
	ws.emit("message", inner, ch)
}

func (ch *channel) typeName() string {
	return map[Kind]string{Public: "channel", Private: "group", Direct: "im", Group: "mpim"}[ch.Kind]
}

// flush hands queued events to the courier. It is called without the lock.
func (ws *Workspace) flush() []*Delivery {
	ws.mu.Lock()
	out := ws.state.outbox
	ws.state.outbox = nil
	ws.mu.Unlock()
	if len(out) == 0 {
		return nil
	}
	c := &ws.courier
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue = append(c.queue, out...)
	if !c.running {
		c.running = true
		go ws.carry()
	}
	return out
}

func (ws *Workspace) carry() {
	c := &ws.courier
	for {
		c.mu.Lock()
		if len(c.queue) == 0 {
			c.running = false
			c.mu.Unlock()
			return
		}
		d := c.queue[0]
		c.mu.Unlock()
		ws.attempt(context.Background(), d, "", 0)
		c.mu.Lock()
		c.queue = c.queue[1:]
		c.mu.Unlock()
		close(d.done)
	}
}

// Settle waits until all events that have happened so far were delivered, or refused.
func (ws *Workspace) Settle(ctx context.Context) error {
	for {
		ws.courier.mu.Lock()
		waiting := slices.Clone(ws.courier.queue)
		ws.courier.mu.Unlock()
		if len(waiting) == 0 {
			return nil
		}
		if err := await(ctx, waiting); err != nil {
			return err
		}
	}
}

func await(ctx context.Context, list []*Delivery) error {
	for _, d := range list {
		select {
		case <-d.done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}
