package page

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// act is what somebody does in the workspace. Which fields count depends on what it is.
type act struct {
	As      string            `json:"as"`
	Channel string            `json:"channel"`
	TS      string            `json:"ts"`
	Thread  string            `json:"thread"`
	Text    string            `json:"text"`
	Action  string            `json:"action"` // action_id, or callback_id of a shortcut
	Value   string            `json:"value"`
	Values  map[string]string `json:"values"` // of a modal, by block_id
	Name    string            `json:"name"`   // of a file
	Content []byte            `json:"content"`
}

// Done is what came of it.
type Done struct {
	// Error is what Slack shows when the bot failed: dispatch_failed, operation_timeout.
	Error string `json:"error,omitempty"`
	// Fields are the errors that the bot wants to be shown in a modal, by block_id.
	Fields map[string]string `json:"fields,omitempty"`
}

func (p *Page) serveAct(w http.ResponseWriter, r *http.Request) {
	var a act
	if err := read(w, r, &a); err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	hands, ok := acts[r.PathValue("do")]
	if !ok {
		refuse(w, http.StatusNotFound, "Nobody can do that here.")
		return
	}
	// What somebody did stays done when their browser goes away.
	got, err := hands(context.WithoutCancel(r.Context()), p.stage.Slack.Actor(a.As), a)
	p.changed()
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	answer(w, http.StatusOK, Done{Error: got.Error, Fields: got.Fields})
}

// hand does one thing as a person.
type hand = func(context.Context, slackfake.Actor, act) (slackfake.Answer, error)

// plainly is a hand that the bot answers nothing to.
func plainly(do func(context.Context, slackfake.Actor, act) error) hand {
	return func(ctx context.Context, who slackfake.Actor, a act) (slackfake.Answer, error) {
		return slackfake.Answer{}, do(ctx, who, a)
	}
}

// acts are what people can do, by the last part of the address.
var acts = map[string]hand{
	"slash": func(ctx context.Context, who slackfake.Actor, a act) (slackfake.Answer, error) {
		command, text, _ := strings.Cut(strings.TrimSpace(a.Text), " ")
		if command != "/incident" {
			return slackfake.Answer{}, fmt.Errorf("%s is not a valid command; try /incident help", command)
		}
		return who.Slash(ctx, a.Channel, command, text)
	},
	"click": func(ctx context.Context, who slackfake.Actor, a act) (slackfake.Answer, error) {
		return who.Click(ctx, a.Channel, a.TS, a.Action, a.Value)
	},
	"click-view": func(ctx context.Context, who slackfake.Actor, a act) (slackfake.Answer, error) {
		return who.ClickForm(ctx, a.Action, a.Value, a.Values)
	},
	"submit": func(ctx context.Context, who slackfake.Actor, a act) (slackfake.Answer, error) {
		return who.Submit(ctx, a.Values)
	},
	"close": func(ctx context.Context, who slackfake.Actor, _ act) (slackfake.Answer, error) {
		return who.CloseModal(ctx)
	},
	"shortcut": func(ctx context.Context, who slackfake.Actor, a act) (slackfake.Answer, error) {
		return who.Shortcut(ctx, a.Action, a.Channel, a.TS)
	},
	"message": plainly(func(ctx context.Context, who slackfake.Actor, a act) error {
		_, err := who.Post(ctx, a.Channel, a.Thread, a.Text)
		return err
	}),
	"upload": plainly(func(ctx context.Context, who slackfake.Actor, a act) error {
		_, err := who.Upload(ctx, a.Channel, a.Thread, a.Text, a.Name, a.Content)
		return err
	}),
	"react": plainly(func(ctx context.Context, who slackfake.Actor, a act) error {
		return who.React(ctx, a.Channel, a.TS, a.Value)
	}),
	"unreact": plainly(func(ctx context.Context, who slackfake.Actor, a act) error {
		return who.Unreact(ctx, a.Channel, a.TS, a.Value)
	}),
	"edit": plainly(func(ctx context.Context, who slackfake.Actor, a act) error {
		return who.EditMessage(ctx, a.Channel, a.TS, a.Text)
	}),
	"delete": plainly(func(ctx context.Context, who slackfake.Actor, a act) error {
		return who.DeleteMessage(ctx, a.Channel, a.TS)
	}),
	"join": plainly(func(ctx context.Context, who slackfake.Actor, a act) error { return who.Join(ctx, a.Channel) }),
	"home": plainly(func(ctx context.Context, who slackfake.Actor, _ act) error { return who.OpenHome(ctx) }),
}

// about is what does not change while the stage is open.
type about struct {
	Team      string     `json:"team"`
	Bot       string     `json:"bot"`
	People    []Person   `json:"people"` // who can be acted as
	Commands  []Command  `json:"commands"`
	Shortcuts []Shortcut `json:"shortcuts"`
	Documents bool       `json:"documents"`
}

func (p *Page) serveAbout(w http.ResponseWriter, _ *http.Request) {
	self := p.stage.Slack.Identity()
	people := slices.DeleteFunc(peopleOf(p.stage.Slack.Snapshot()), func(one Person) bool { return one.Bot })
	answer(w, http.StatusOK, about{
		self.TeamName, self.BotUserID, people, append([]Command{}, p.stage.Commands...),
		append([]Shortcut{}, p.stage.Shortcuts...), p.stage.Document != nil,
	})
}
