package bot

import (
	"cmp"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

// pinRow puts a message on the timeline. It is never typed: a reaction or a
// shortcut of Slack's names the message.
func pinRow(m Message) *Row {
	return &Row{Stem: "pin", Words: "pin", Scope: inIncident, Change: func(c *Invocation) (incident.Command, error) { return c.pin(m) }}
}

func unpinRow(m Message) *Row {
	return &Row{Stem: "unpin", Words: "unpin", Scope: inIncident, Change: func(*Invocation) (incident.Command, error) {
		return incident.UnpinMessage{Message: m.id()}, nil
	}}
}

// taskFromRow makes a message a task of nobody's.
func taskFromRow(m Message) *Row {
	return &Row{Stem: "task_add", Words: "task", Scope: inIncident, Change: func(c *Invocation) (incident.Command, error) {
		text, err := c.messageText(m)
		return incident.AddTask{Text: text}, err
	}}
}

func (c *Invocation) pin(m Message) (incident.Command, error) {
	if m.Ours {
		return nil, &incident.Error{Code: incident.Conflict, Say: incident.Say{ID: "pin.ours"}}
	}
	cmd := incident.PinMessage{Message: m.id(), From: m.App, Link: m.Link, At: m.at()}
	var err error
	if m.User != "" && m.App == "" {
		if cmd.Author, err = c.personOf(m.User); err != nil {
			return nil, err
		}
	}
	cmd.Text, err = c.messageText(m)
	return cmd, err
}

// messageText is what a message says, with people as marks and files as links.
// A longer one is cut: the link leads to the rest.
func (c *Invocation) messageText(m Message) (string, error) {
	line := grammar.Normalise(m.Text)
	ids := map[string]incident.PersonID{}
	for _, user := range line.Users() {
		id, err := c.personOf(user)
		if err != nil {
			return "", err
		}
		ids[user] = id
	}
	parts := []string{shorten(line.Rename(func(user string) string { return string(ids[user]) }).Text(), messageLimit)}
	for _, f := range m.Files[:min(len(m.Files), messageFiles)] {
		parts = append(parts, "file "+shorten(cmp.Or(f.Name, "without a name"), labelText)+": "+f.URL)
	}
	return strings.TrimSpace(strings.Join(parts, "\n")), nil
}

const (
	// messageLimit is how much of a message is kept, in characters, so that its
	// files fit below it.
	messageLimit = 2000
	// messageFiles is how many files of a message are kept as links.
	messageFiles = 5
)

// shorten cuts a text.
func shorten(text string, limit int) string {
	if r := []rune(text); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return text
}
