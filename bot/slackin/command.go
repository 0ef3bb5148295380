package slackin

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"github.com/rollcall-bot/rollcall/bot"
)

// slashCommand is a slash command: a form over HTTP, JSON over Socket Mode.
type slashCommand struct {
	TeamID    string `json:"team_id"`
	ChannelID string `json:"channel_id"`
	UserID    string `json:"user_id"`
	UserName  string `json:"user_name"`
	Command   string `json:"command"`
	Text      string `json:"text"`
	TriggerID string `json:"trigger_id"`
	SSLCheck  string `json:"-"`
}

var errShape = errors.New("not of the form that Slack sends")

func decodeCommandForm(body []byte) (slashCommand, error) {
	var c slashCommand
	err := readForm(string(body), []field{
		{"team_id", &c.TeamID},
		{"channel_id", &c.ChannelID},
		{"user_id", &c.UserID},
		{"user_name", &c.UserName},
		{"command", &c.Command},
		{"text", &c.Text},
		{"trigger_id", &c.TriggerID},
		{"ssl_check", &c.SSLCheck},
	})
	if err != nil {
		return slashCommand{}, err
	}
	if c.SSLCheck != "1" && (c.UserID == "" || c.Command == "") {
		return slashCommand{}, errShape
	}
	return c, nil
}

func decodeCommandJSON(body []byte) (slashCommand, error) {
	var c slashCommand
	if err := json.Unmarshal(body, &c); err != nil || c.UserID == "" || c.Command == "" {
		return slashCommand{}, errShape
	}
	return c, nil
}

func (c slashCommand) request() bot.Request {
	return bot.Request{
		Delivery: bot.Delivery{
			Source: "slack.command",
			ID:     deliveryID(c.TriggerID, c.TeamID, c.ChannelID, c.UserID, c.Command, c.Text),
		},
		From:    bot.From{Team: c.TeamID, User: c.UserID, Name: c.UserName, Channel: c.ChannelID},
		Surface: "slash",
		Text:    c.Text,
		Trigger: c.TriggerID,
	}
}

// deliveryID is Slack's one-time trigger id together with what was said, so that
// a replay is recognised on either way in and a forged reuse of a trigger id
// with other words is not mistaken for one. Without a trigger id there is
// nothing to recognise a repeat by, and it is empty.
func deliveryID(trigger string, parts ...string) string {
	if trigger == "" {
		return ""
	}
	var room [512]byte
	said := room[:0]
	for n, part := range parts {
		if n > 0 {
			said = append(said, 0)
		}
		said = append(said, part...)
	}
	sum := sha256.Sum256(said)
	var print [16]byte
	hex.Encode(print[:], sum[:8])
	return trigger + "." + string(print[:])
}
