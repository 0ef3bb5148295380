package slackin

import (
	"encoding/json"

	"github.com/rollcall-bot/rollcall/bot"
)

// view is a form that somebody sent. Each of its inputs has the same block id and
// action id: the field's.
type view struct {
	ID              string `json:"id"`
	Hash            string `json:"hash"`
	CallbackID      string `json:"callback_id"`
	PrivateMetadata string `json:"private_metadata"`
	State           struct {
		Values map[string]map[string]input `json:"values"`
	} `json:"state"`
	Blocks []struct {
		Type    string          `json:"type"`
		BlockID string          `json:"block_id"`
		Element json.RawMessage `json:"element"`
	} `json:"blocks"`
}

// input is the state of one field.
type input struct {
	Value          string  `json:"value"`
	SelectedOption *option `json:"selected_option"`
	SelectedUser   string  `json:"selected_user"`
	SelectedDate   string  `json:"selected_date"`
}

type option struct {
	Value string `json:"value"`
}

func (i input) text() string {
	switch {
	case i.SelectedOption != nil:
		return i.SelectedOption.Value
	case i.SelectedUser != "":
		return i.SelectedUser
	case i.SelectedDate != "":
		return i.SelectedDate
	}
	return i.Value
}

// prefilled is what an input held when the form was opened.
type prefilled struct {
	Value  string  `json:"initial_value"`
	User   string  `json:"initial_user"`
	Date   string  `json:"initial_date"`
	Option *option `json:"initial_option"`
}

// submission is the request of a form that was sent. A view and its hash are its
// identity: sent twice, it is one.
func (p interaction) submission() (bot.Request, bool) {
	v := p.View
	if p.Type != "view_submission" || v.ID == "" || v.CallbackID == "" {
		return bot.Request{}, false
	}
	return bot.Request{
		Delivery: bot.Delivery{Source: "slack.view", ID: v.ID + "." + v.Hash},
		From:     bot.From{Team: p.team(), User: p.User.ID, Name: p.name()},
		Surface:  "modal", Form: v.submitted(), Trigger: p.TriggerID,
	}, true
}

// submitted is what is in the form, and what it was prefilled with.
func (v view) submitted() *bot.Submitted {
	f := &bot.Submitted{Name: v.CallbackID, Meta: v.PrivateMetadata, Values: map[string]string{}, Was: map[string]string{}}
	for _, b := range v.Blocks {
		if b.Type != "input" {
			continue
		}
		var was prefilled
		_ = json.Unmarshal(b.Element, &was) // what cannot be read was not prefilled
		if was.Option != nil {
			was.Value = was.Option.Value
		}
		f.Was[b.BlockID] = was.Value + was.User + was.Date // one of them
	}
	for block, fields := range v.State.Values {
		for _, i := range fields {
			if text := i.text(); text != "" {
				f.Values[block] = text
			}
		}
	}
	return f
}

// formAnswer is the body of the response to a form that was sent: empty closes it.
func formAnswer(a bot.Answer) any {
	if len(a.Fields) == 0 {
		return nil
	}
	return map[string]any{"response_action": "errors", "errors": a.Fields}
}
