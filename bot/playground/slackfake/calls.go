package slackfake

import (
	"maps"
	"slices"
	"time"
)

// PhoneCall is a call that an app has registered. Slack shows it nowhere but in messages with a block for it.
type PhoneCall struct {
	ID, External, Title, URL, By string
	Began, Ended                 time.Time // Ended is zero while it goes on
}

// PhoneCalls are the calls that were registered, in the order of their ids.
func (ws *Workspace) PhoneCalls() []PhoneCall {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	var all []PhoneCall
	for _, id := range slices.Sorted(maps.Keys(ws.state.calls)) {
		all = append(all, *ws.state.calls[id])
	}
	return all
}

// callsAdd registers a call. Slack says that external_unique_id "must be unique", and not what it answers otherwise: here
// such a call is refused.
func callsAdd(c *call) (obj, error) {
	external, by := c.str("external_unique_id"), c.str("created_by")
	switch {
	case external == "" || c.str("join_url") == "":
		return nil, fail("invalid_arguments")
	case by == "": // "required when using a bot token"
		return nil, fail("invalid_created_by")
	case c.state.people[by] == nil:
		return nil, fail("user_not_found")
	}
	for _, one := range c.state.calls {
		if one.External == external {
			return nil, fail("invalid_arguments")
		}
	}
	made := &PhoneCall{
		ID: c.state.nextID("R"), External: external, Title: c.str("title"), URL: c.str("join_url"), By: by,
		Began: time.Unix(int64(c.number("date_start", int(c.at.Unix()))), 0).UTC(),
	}
	c.state.calls[made.ID] = made
	return obj{"call": obj{
		"id": made.ID, "title": made.Title, "external_unique_id": external, "join_url": made.URL, "date_start": made.Began.Unix(),
		"channels": []string{}, "users": []obj{},
	}}, nil
}

// callsEnd ends a call, which shows in every message that has it.
func callsEnd(c *call) (obj, error) {
	one := c.state.calls[c.str("id")]
	if one == nil {
		return nil, fail("invalid_arguments")
	}
	if one.Ended.IsZero() {
		one.Ended = c.at
	}
	for _, ch := range c.state.channels {
		for _, m := range ch.messages {
			if err := c.phone(&m.Content); err != nil {
				return nil, err
			}
		}
	}
	return obj{}, nil
}

// phone completes the blocks of a message that stand for calls, as Slack does, and refuses those of which there is no call.
func (c *call) phone(m *Content) error {
	list, err := decodeBlocks(string(m.Blocks))
	if err != nil {
		return err
	}
	found := false
	for _, b := range list {
		if b["type"] != "call" {
			continue
		}
		one := c.state.calls[word(b, "call_id")]
		if one == nil {
			return fail("invalid_blocks")
		}
		found = true
		b["call"] = obj{"v1": obj{
			"id": one.ID, "app_id": c.self.AppID, "name": one.Title, "created_by": one.By, "join_url": one.URL,
			"date_start": one.Began.Unix(), "date_end": endStamp(one.Ended), "has_ended": !one.Ended.IsZero(),
		}}
	}
	if found {
		m.Blocks = encode(list)
	}
	return nil
}

// endStamp is 0 for a call that goes on.
func endStamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}
