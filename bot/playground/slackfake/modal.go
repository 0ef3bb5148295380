package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Modal returns the topmost modal that a person has open.
func (ws *Workspace) Modal(user string) (View, bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	stack := ws.state.views[user]
	if len(stack) == 0 {
		return View{}, false
	}
	return *stack[len(stack)-1], true
}

// Buttons are the things in a view that can be used, inputs among them.
func (v View) Buttons() []Button { return buttons(v.Blocks) }

// top is the topmost modal of the person.
func (a Actor) top() (*View, error) {
	stack := a.ws.state.views[a.user]
	if len(stack) == 0 {
		return nil, errors.New("no modal is open")
	}
	return stack[len(stack)-1], nil
}

// values builds the state of a view from what was typed, by action_id or block_id. The client refuses to submit while
// something required is empty or too long.
// Pressing a button inside asks for nothing to be whole.
func (v *View) values(typed map[string]string, whole bool) (obj, error) {
	out := obj{}
	used := map[string]bool{}
	for _, b := range v.Blocks {
		for _, e := range elements(b) {
			block, action := word(b, "block_id"), word(e, "action_id")
			value, there := typed[action]
			if name := action; !there {
				if value, there = typed[block]; there {
					name = block
				}
				used[name] = true
			} else {
				used[name] = true
			}
			if !there {
				value = initial(e)
			}
			optional, _ := b["optional"].(bool)
			if whole && b["type"] == "input" && value == "" && !optional {
				return nil, fmt.Errorf("the input %q is required", block)
			}
			if most, ok := e["max_length"].(float64); ok && float64(length(value)) > most {
				return nil, fmt.Errorf("the input %q takes %v characters", block, most)
			}
			if word(e, "type") == "button" || (value == "" && word(e, "type") != "plain_text_input") {
				continue
			}
			state, err := stateOf(e, value)
			if err != nil {
				return nil, err
			}
			out[block] = obj{action: state}
		}
	}
	for name := range typed {
		if !used[name] {
			return nil, fmt.Errorf("the modal has no input %q", name)
		}
	}
	return out, nil
}

// initial is what an element holds before anybody touches it.
func initial(e obj) string {
	for _, name := range []string{"initial_value", "initial_user", "initial_conversation", "initial_channel", "initial_date", "initial_time"} {
		if s := word(e, name); s != "" {
			return s
		}
	}
	if o, ok := e["initial_option"].(obj); ok {
		return word(o, "value")
	}
	joined := ""
	if list, ok := e["initial_options"].([]any); ok {
		for _, v := range list {
			if o, ok := v.(obj); ok {
				if joined != "" {
					joined += ","
				}
				joined += word(o, "value")
			}
		}
	}
	return joined
}

// Submit submits the topmost modal with what was typed, by action_id or block_id, and does what the bot answers: closes
// it, shows errors (in the answer's Fields), updates it or pushes another.
func (a Actor) Submit(ctx context.Context, typed map[string]string) (Answer, error) {
	var d *Delivery
	var id string
	err := a.act(ctx, "submit", func(_ *state, u *User) error {
		v, err := a.top()
		if err != nil {
			return err
		}
		values, err := v.values(typed, true)
		if err != nil {
			return err
		}
		id = v.ID
		view := a.ws.viewObject(v)
		view["state"] = obj{"values": values}
		d = a.interaction("view_submission", u, obj{"view": view, "response_urls": []obj{}})
		return nil
	})
	if err != nil {
		return Answer{}, err
	}
	answer := a.ws.attempt(ctx, d, "", 0)
	err = a.act(ctx, "submitted", func(s *state, _ *User) error {
		if answer.good() {
			a.ws.submitted(s.opened(id, ""), &answer)
		}
		return nil
	})
	return answer, err
}

// submitted does what the bot answers to a submission. A bot that failed leaves the modal open. A modal whose place
// another has taken meanwhile shows nothing any more, but what the bot said of it is still in the answer.
func (ws *Workspace) submitted(v *View, answer *Answer) {
	var r struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(answer.Body) > 0 && json.Unmarshal(answer.Body, &r) != nil {
		answer.Error = "invalid_view_response"
		return
	}
	if v == nil {
		answer.Fields = r.Errors
		return
	}
	stack := ws.state.views[v.User]
	switch r.Action {
	case "":
		ws.state.views[v.User] = stack[:len(stack)-1]
	case "clear":
		delete(ws.state.views, v.User)
	case "errors":
		inputs := map[string]bool{}
		for _, b := range v.Blocks {
			inputs[word(b, "block_id")] = b["type"] == "input"
		}
		for block := range r.Errors {
			if !inputs[block] { // Slack then shows trouble instead of the errors
				answer.Error = "invalid_view_response"
				return
			}
		}
		if len(r.Errors) == 0 {
			answer.Error = "invalid_view_response"
		}
		answer.Fields = r.Errors
	case "update", "push":
		c := &call{Workspace: ws, method: "response_action", args: rawView(r.View), at: ws.now()}
		next, err := c.readView("modal")
		switch {
		case err != nil:
		case r.Action == "update":
			ws.replace(v, next)
		default:
			_, err = ws.push(next, v.User)
		}
		if err != nil {
			answer.Error = "invalid_view_response"
		}
	default:
		answer.Error = "invalid_view_response"
	}
}

// ClickView uses a button or select in the topmost modal, or in the App Home when none is open.
func (a Actor) ClickView(ctx context.Context, actionID, value string) (Answer, error) {
	return a.ClickForm(ctx, actionID, value, nil)
}

// ClickForm uses a button in the topmost modal while this is typed in it, by action_id or block_id. The bot is told
// what is typed, and the modal stays as it is.
func (a Actor) ClickForm(ctx context.Context, actionID, value string, typed map[string]string) (Answer, error) {
	var d *Delivery
	err := a.act(ctx, "click", func(s *state, u *User) error {
		v, err := a.top()
		if err != nil {
			if v = s.homes[a.user]; v == nil {
				return err
			}
		}
		action, err := a.ws.use(v.Blocks, actionID, value)
		if err != nil {
			return err
		}
		values, err := v.values(typed, false)
		if err != nil {
			return err
		}
		view := a.ws.viewObject(v)
		view["state"] = obj{"values": values}
		d = a.interaction("block_actions", u, obj{
			"view": view, "container": obj{"type": "view", "view_id": v.ID}, "actions": []obj{action},
		})
		return nil
	})
	if err != nil {
		return Answer{}, err
	}
	return a.ws.attempt(ctx, d, "", 0), nil
}

// CloseModal closes the topmost modal; the bot hears of it where it asked to (notify_on_close).
func (a Actor) CloseModal(ctx context.Context) (Answer, error) {
	var d *Delivery
	err := a.act(ctx, "close", func(s *state, u *User) error {
		v, err := a.top()
		if err != nil {
			return err
		}
		if tell, _ := v.Raw["notify_on_close"].(bool); tell {
			d = a.interaction("view_closed", u, obj{"view": a.ws.viewObject(v), "is_cleared": false})
		}
		stack := s.views[a.user]
		s.views[a.user] = stack[:len(stack)-1]
		return nil
	})
	if err != nil || d == nil {
		return Answer{}, err
	}
	return a.ws.attempt(ctx, d, "", 0), nil
}
