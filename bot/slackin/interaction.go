package slackin

import (
	"encoding/json"
	"strings"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
)

// The action ids of our buttons begin with one of these words and a colon; what
// follows only keeps them apart within a message.
const (
	actionRun   = "run"   // value: incident id, space, command line
	actionOffer = "offer" // value: id of a stored offer
	actionDraft = "draft" // in a form: save what is in it, and leave it open
)

// interaction is a pressed button, or any other use of what we showed.
type interaction struct {
	Type      string `json:"type"`
	TriggerID string `json:"trigger_id"`
	Team      struct {
		ID     string `json:"id"`
		Domain string `json:"domain"`
	} `json:"team"`
	User struct {
		ID       string `json:"id"`
		Username string `json:"username"`
		Name     string `json:"name"`
		TeamID   string `json:"team_id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		MessageTS   string `json:"message_ts"`
		ThreadTS    string `json:"thread_ts"`
		IsEphemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	ResponseURL string          `json:"response_url"`
	Actions     []action        `json:"actions"`
	View        view            `json:"view"`
	CallbackID  string          `json:"callback_id"` // of a shortcut
	Message     json.RawMessage `json:"message"`     // that a shortcut was used on
	AppID       string          `json:"api_app_id"`
}

type action struct {
	ActionID string `json:"action_id"`
	Value    string `json:"value"`
	ActionTS string `json:"action_ts"`
}

func decodeInteractionForm(body []byte) (interaction, error) {
	var payload string
	if err := readForm(string(body), []field{{"payload", &payload}}); err != nil {
		return interaction{}, err
	}
	return decodeInteractionJSON([]byte(payload))
}

func decodeInteractionJSON(body []byte) (interaction, error) {
	var p interaction
	if err := json.Unmarshal(body, &p); err != nil || p.Type == "" || p.User.ID == "" {
		return interaction{}, errShape
	}
	return p, nil
}

// request is what pressing the button says; ok is false for anything that is
// not one of our buttons.
func (p interaction) request() (r bot.Request, ok bool) {
	if r, ok := p.shortcut(); ok {
		return r, true
	}
	if p.Type != "block_actions" || len(p.Actions) == 0 {
		return bot.Request{}, false
	}
	a := p.Actions[0]
	what, _, _ := strings.Cut(a.ActionID, ":")
	r = bot.Request{
		Delivery: bot.Delivery{
			Source: "slack.action",
			ID:     deliveryID(p.TriggerID, p.Team.ID, p.Channel.ID, p.User.ID, a.ActionID, a.Value, a.ActionTS),
		},
		From:    bot.From{Team: p.team(), User: p.User.ID, Name: p.name(), Channel: p.Channel.ID, Thread: p.Container.ThreadTS},
		Surface: "button",
		Trigger: p.TriggerID,
		ReplyTo: &bot.ReplyTo{
			URL: p.ResponseURL, Replace: p.Container.IsEphemeral,
			Channel: p.Channel.ID, User: p.User.ID, Thread: p.Container.ThreadTS,
		},
	}
	switch what {
	case actionDraft:
		if p.View.ID == "" || p.View.CallbackID == "" {
			return bot.Request{}, false
		}
		r.Surface, r.ReplyTo, r.Form = "modal", nil, p.View.submitted()
		r.Form.Draft, r.Form.View = true, p.View.ID
		return r, true
	case actionOffer:
		r.Offer = a.Value
		return r, a.Value != ""
	case actionRun:
		id, line, found := strings.Cut(a.Value, " ")
		r.Incident, r.Text = incident.ID(id), line
		return r, found
	default:
		return bot.Request{}, false
	}
}

// team is the team of whoever pressed: in a shared channel not the channel's.
func (p interaction) team() string {
	if p.User.TeamID != "" {
		return p.User.TeamID
	}
	return p.Team.ID
}

func (p interaction) name() string {
	if p.User.Username != "" {
		return p.User.Username
	}
	return p.User.Name
}
