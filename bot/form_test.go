package bot_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
)

// formed has the world open forms, which are caught instead of shown.
func (w *world) formed() (opened chan bot.Form, warned chan bot.Answer, fail *error) {
	opened, warned, fail = make(chan bot.Form, 1), make(chan bot.Answer, 1), new(error)
	w.bot.OpenForm = func(_ context.Context, _ string, f bot.Form) error {
		if *fail == nil {
			opened <- f
		}
		return *fail
	}
	w.bot.Warn = func(_ context.Context, _ bot.ReplyTo, a bot.Answer) { warned <- a }
	return opened, warned, fail
}

// asks types a line with a trigger, as in Slack.
func (w *world) asks(user, channel, text string) bot.Answer {
	return w.bot.Handle(w.t.Context(), bot.Request{
		From: bot.From{Team: "T1", User: user, Channel: channel}, Surface: "slash", Text: text, Trigger: "1.2.3",
	})
}

func TestEveryFormHasItsTexts(t *testing.T) {
	w := newWorld(t)
	opened, _, _ := w.formed()
	w.open("U1", "open checkout is down", "C-7")
	for _, line := range []string{"open", "update", "task", "impact", "action", "timeline edit E1", "rfo answer", "INC-1 update"} {
		channel := "C-7"
		if strings.HasPrefix(line, "INC") {
			channel = "C-general"
		}
		if a := w.asks("U1", channel, line); a.Kind != bot.Silent || a.Text != "" {
			t.Fatalf("%q is answered (%s): %s", line, a.Kind, a.Text)
		}
		f := <-opened
		texts := []string{f.Title, f.Submit, f.Line}
		for _, field := range f.Fields {
			texts = append(texts, field.Label)
			if field.Fact != "" || line == "rfo answer" && field.Kind == bot.TextField {
				texts = append(texts, field.Fact)
			}
		}
		for _, text := range texts {
			if text == "" || strings.HasPrefix(text, "[") || strings.Contains(text, "<no value>") {
				t.Errorf("%q has the text %q", line, text)
			}
		}
		if len([]rune(f.Title)) > 24 || len([]rune(f.Submit)) > 24 {
			t.Errorf("%q: %q or %q is longer than Slack takes", line, f.Title, f.Submit)
		}
		if len(f.Meta) > 200 || strings.Contains(f.Meta, "checkout") {
			t.Errorf("%q remembers %s", line, f.Meta)
		}
	}
}

func TestAFormThatSlackDoesNotOpenIsOfferedAsALine(t *testing.T) {
	w := newWorld(t)
	_, warned, fail := w.formed()
	*fail = errors.New("expired_trigger_id")
	w.open("U1", "open checkout is down", "C-7")
	w.asks("U1", "C-7", "task")
	if a := <-warned; !strings.Contains(a.Text, "`/incident task @user TEXT`") {
		t.Errorf("ana reads %q", a.Text)
	}
}

func TestWithoutATriggerThereIsNoForm(t *testing.T) {
	w := newWorld(t)
	w.formed()
	w.open("U1", "open checkout is down", "C-7")
	if a := w.says("U1", "C-7", "update"); a.Kind != bot.Refused || !strings.Contains(a.Text, "update TEXT") {
		t.Errorf("answered (%s) %q", a.Kind, a.Text)
	}
	if a := w.asks("U1", "C-7", "update the cache is cold"); a.Kind != bot.Done {
		t.Errorf("a whole line is answered (%s) %q", a.Kind, a.Text)
	}
}

// TestAFormIsNoWayAroundTheRules sends forms with ids that the sender made up.
func TestAFormIsNoWayAroundTheRules(t *testing.T) {
	w := newWorld(t)
	w.formed()
	secret := w.open("U1", "open private layoffs", "C-8")
	send := func(user, name, meta string, values map[string]string) bot.Answer {
		return w.bot.Handle(t.Context(), bot.Request{
			Delivery: bot.Delivery{Source: "slack.view", ID: name + user + meta}, From: bot.From{Team: "T1", User: user}, Surface: "modal",
			Form: &bot.Submitted{Name: name, Meta: meta, Values: values, Was: map[string]string{"text": ""}},
		})
	}
	meta := `{"i":"` + string(secret.ID) + `"}`
	for name, a := range map[string]bot.Answer{
		"an incident that is hidden":  send("U2", "task", meta, map[string]string{"text": "look"}),
		"one that there is not":       send("U2", "task", `{"i":"0190"}`, map[string]string{"text": "look"}),
		"somebody who has left":       send("U5", "task", meta, map[string]string{"text": "look"}),
		"a guest who opens one":       send("U4", "open", `{}`, map[string]string{"title": "x"}),
		"an entry that there is not":  send("U1", "timeline edit", `{"i":"`+string(secret.ID)+`","a":"E99"}`, map[string]string{"text": "x"}),
		"a message for a hidden one":  send("U2", "share pin", `{"a":"C-1:1.2","u":"U2"}`, map[string]string{"incident": string(secret.ID), "text": "x"}),
		"a message for none":          send("U1", "share task", `{"a":"C-1:1.2"}`, map[string]string{"text": "x"}),
		"a form that there is not":    send("U1", "paint", meta, map[string]string{"text": "x"}),
		"what Slack would never send": send("U1", "task", `{`, map[string]string{"text": "x"}),
	} {
		if a.Kind != bot.Refused || len(a.Fields) != 1 || strings.Contains(a.Text, "layoffs") {
			t.Errorf("%s is answered (%s) %q, fields %v", name, a.Kind, a.Text, a.Fields)
		}
	}
	if a := send("U1", "task", meta, map[string]string{"text": "look"}); a.Kind != bot.Done {
		t.Errorf("a member is answered (%s) %q", a.Kind, a.Text)
	}
	if a := send("U1", "task", meta, map[string]string{"text": "look"}); a.Kind != bot.Done || len(w.incident(secret.ID).Board.Tasks) != 4 {
		t.Errorf("sent again it is answered (%s), and there are %d tasks", a.Kind, len(w.incident(secret.ID).Board.Tasks))
	}
}

// TestADraftThatCannotBeShownIsTold saves a draft while Slack does not draw the form anew.
func TestADraftThatCannotBeShownIsTold(t *testing.T) {
	w := newWorld(t)
	_, warned, _ := w.formed()
	drawn := make(chan bot.Form, 1)
	var closed atomic.Bool
	w.bot.UpdateForm = func(_ context.Context, _ string, f bot.Form) error {
		if closed.Load() {
			return errors.New("not_found")
		}
		drawn <- f
		return nil
	}
	inc := w.open("U1", "open checkout is down", "C-7")
	draft := func(id string, values map[string]string) bot.Answer {
		return w.bot.Handle(t.Context(), bot.Request{
			Delivery: bot.Delivery{Source: "slack.action", ID: id}, From: bot.From{Team: "T1", User: "U1"}, Surface: "modal",
			Form: &bot.Submitted{Name: "rfo answer", Meta: `{"i":"` + string(inc.ID) + `","c":"C-7"}`, Values: values, Was: map[string]string{}, Draft: true, View: "V1"},
		})
	}
	if a := draft("1", map[string]string{"cause": "no limit"}); a.Kind != bot.Silent {
		t.Errorf("answered (%s) %s", a.Kind, a.Text)
	}
	if f := <-drawn; !strings.Contains(f.Note, "Saved") || !strings.Contains(f.Note, "cause") {
		t.Errorf("the form notes %q", f.Note)
	}
	closed.Store(true)
	draft("2", map[string]string{"cause": "no limit", "class": "a gate", "amount": "lots"})
	if a := <-warned; !strings.Contains(a.Text, "lots") || len(w.incident(inc.ID).Review.Answers["class"]) != 0 {
		t.Errorf("ana reads %q", a.Text)
	}
	draft("3", map[string]string{"cause": "no limit", "class": "a gate"})
	if a := <-warned; !strings.Contains(a.Text, "Saved") || len(w.incident(inc.ID).Review.Answers["class"]) != 1 {
		t.Errorf("ana reads %q", a.Text)
	}
}
