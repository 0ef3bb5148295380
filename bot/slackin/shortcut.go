package slackin

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/rollcall-bot/rollcall/bot"
)

// Shortcut is one of the app's shortcuts.
type Shortcut struct {
	ID          string // callback_id
	Name        string // Slack shows at most 24 characters
	Description string
	OnMessage   bool
	verb        string // what it says
}

// Shortcuts are all of them.
func Shortcuts() []Shortcut {
	return []Shortcut{
		{"open_incident", "Open an incident", "Something is broken: open a channel and a call", false, "open"},
		{"add_to_timeline", "Add to timeline", "Puts the message on an incident's timeline", true, bot.PinVerb},
		{"make_task", "Make a task", "Makes the message a task of an incident", true, bot.TaskVerb},
		{"open_from_message", "Open incident from this", "Opens an incident with the message as its title", true, "open"},
	}
}

// usedOn is the message that a shortcut was used on, as far as it is used.
type usedOn struct {
	TS       string          `json:"ts"`
	ThreadTS string          `json:"thread_ts"`
	User     json.RawMessage `json:"user"`
	Username string          `json:"username"`
	BotID    string          `json:"bot_id"`
	AppID    string          `json:"app_id"`
	Text     string          `json:"text"`
	Files    []struct {
		Name      string `json:"name"`
		Title     string `json:"title"`
		Permalink string `json:"permalink"`
	} `json:"files"`
}

// shortcut is the request of a shortcut; ok is false for any other interaction.
func (p interaction) shortcut() (bot.Request, bool) {
	for _, s := range Shortcuts() {
		if s.ID != p.CallbackID || p.Type != map[bool]string{false: "shortcut", true: "message_action"}[s.OnMessage] {
			continue
		}
		m := p.message()
		r := bot.Request{
			Delivery: bot.Delivery{Source: "slack.shortcut", ID: deliveryID(p.TriggerID, p.Team.ID, p.User.ID, p.CallbackID, p.Channel.ID, m.TS)},
			From:     bot.From{Team: p.team(), User: p.User.ID, Name: p.name(), Channel: p.Channel.ID},
			Surface:  "shortcut", Text: s.verb, Trigger: p.TriggerID, ReplyTo: &bot.ReplyTo{Channel: p.Channel.ID, User: p.User.ID},
		}
		if s.OnMessage {
			r.Message, r.ReplyTo.Thread = &m, m.Thread
			return r, m.Channel != "" && m.TS != ""
		}
		return r, true
	}
	return bot.Request{}, false
}

func (p interaction) message() bot.Message {
	var got usedOn
	if json.Unmarshal(p.Message, &got) != nil {
		got = usedOn{} // without a stamp it is nothing that was used
	}
	m := bot.Message{
		Channel: p.Channel.ID, TS: got.TS, User: word(got.User), Text: got.Text,
		Ours: got.BotID != "" && got.AppID == p.AppID && p.AppID != "",
	}
	if got.ThreadTS != got.TS {
		m.Thread = got.ThreadTS
	}
	if got.BotID != "" && !m.Ours {
		m.App = cmp.Or(got.Username, "an app")
	}
	for _, f := range got.Files {
		if strings.HasPrefix(f.Permalink, "https://") {
			m.Files = append(m.Files, bot.File{Name: cmp.Or(f.Title, f.Name), URL: f.Permalink})
		}
	}
	if p.Team.Domain != "" {
		m.Link = "https://" + p.Team.Domain + ".slack.com/archives/" + m.Channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
		if m.Thread != "" {
			m.Link += "?thread_ts=" + m.Thread + "&cid=" + m.Channel
		}
	}
	return m
}
