package slackfake

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

// modal is a view with two inputs.
func modal(external string) slack.ModalViewRequest {
	plain := func(s string) *slack.TextBlockObject {
		return slack.NewTextBlockObject("plain_text", s, false, false)
	}
	title := slack.NewInputBlock("title", plain("Title"), nil, slack.NewPlainTextInputBlockElement(nil, "text"))
	choice := slack.NewOptionsSelectBlockElement("static_select", nil, "choice",
		slack.NewOptionBlockObject("sev1", plain("SEV1"), nil), slack.NewOptionBlockObject("sev2", plain("SEV2"), nil))
	severity := slack.NewInputBlock("severity", plain("Severity"), nil, choice)
	severity.Optional = true
	return slack.ModalViewRequest{
		Type: "modal", Title: plain("Open an incident"), Submit: plain("Open"), ExternalID: external, CallbackID: "open",
		PrivateMetadata: "meta", Blocks: slack.Blocks{BlockSet: []slack.Block{title, severity}}, NotifyOnClose: true,
	}
}

// lastTrigger runs a command and returns its trigger.
func lastTrigger(t *testing.T, w *testWorld, b *bot) string {
	t.Helper()
	_, err := w.Actor("ana").Slash(t.Context(), "ops", "/incident", "open")
	ok(t, err)
	all := b.requests("/slack/commands")
	form, err := url.ParseQuery(all[len(all)-1])
	ok(t, err)
	return form.Get("trigger_id")
}

func TestTriggers(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	b := withBot(t, w, nil)
	open := func(trigger string, v slack.ModalViewRequest) error {
		_, err := w.api.OpenViewContext(ctx, trigger, v)
		return err
	}
	refused(t, open("1.2.3", modal("")), "invalid_trigger_id")
	trigger := lastTrigger(t, w, b)
	w.clock.Advance(3 * time.Second)
	ok(t, open(trigger, modal("one")))
	refused(t, open(trigger, modal("")), "exchanged_trigger_id")
	trigger = lastTrigger(t, w, b)
	refused(t, open(trigger, modal("one")), "duplicate_external_id")
	w.clock.Advance(3*time.Second + time.Microsecond)
	refused(t, open(trigger, modal("")), "expired_trigger_id")
}

func TestViewLimits(t *testing.T) {
	w := newWorld(t)
	b := withBot(t, w, nil)
	for name, c := range map[string]struct {
		change func(*slack.ModalViewRequest, int)
		limit  int
	}{
		"title":    {func(v *slack.ModalViewRequest, n int) { v.Title.Text = strings.Repeat("x", n) }, 24},
		"submit":   {func(v *slack.ModalViewRequest, n int) { v.Submit.Text = strings.Repeat("x", n) }, 24},
		"private":  {func(v *slack.ModalViewRequest, n int) { v.PrivateMetadata = strings.Repeat("x", n) }, 3000},
		"callback": {func(v *slack.ModalViewRequest, n int) { v.CallbackID = strings.Repeat("x", n) }, 255},
		"external": {func(v *slack.ModalViewRequest, n int) { v.ExternalID = strings.Repeat("x", n) }, 255},
		"blocks": {func(v *slack.ModalViewRequest, n int) {
			v.Blocks.BlockSet = nil
			for range n {
				v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewDividerBlock())
			}
		}, 100},
		"label": {func(v *slack.ModalViewRequest, n int) {
			v.Blocks.BlockSet[0].(*slack.InputBlock).Label.Text = strings.Repeat("x", n)
		}, 2000},
	} {
		v := modal("")
		c.change(&v, c.limit)
		if _, err := w.api.OpenViewContext(t.Context(), lastTrigger(t, w, b), v); err != nil {
			t.Errorf("%s of %d: %v", name, c.limit, err)
		}
		c.change(&v, c.limit+1)
		_, err := w.api.OpenViewContext(t.Context(), lastTrigger(t, w, b), v)
		if e := slackError(t, err, "invalid_arguments"); len(e.ResponseMetadata.Messages) == 0 {
			t.Errorf("%s: no reason", name)
		}
	}
	v := modal("")
	v.Submit = nil
	_, err := w.api.OpenViewContext(t.Context(), lastTrigger(t, w, b), v)
	refused(t, err, "invalid_arguments")
	if code, _ := w.raw(t, "views.open", obj{"trigger_id": "x", "view": strings.Repeat(" ", viewBytes) + string(encode(obj{"type": "modal"}))}); code != "view_too_large" {
		t.Errorf("a view of 250 kB gave %q", code)
	}
}

func TestSubmit(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	answer := ""
	b := withBot(t, w, func(string, string) (int, string) { return 200, answer })
	ana := w.Actor("ana")
	opened, err := w.api.OpenViewContext(ctx, lastTrigger(t, w, b), modal(""))
	ok(t, err)
	if _, err := ana.Submit(ctx, map[string]string{"severity": "sev1"}); err == nil {
		t.Error("submitted without what is required")
	}
	if _, err := ana.Submit(ctx, map[string]string{"title": "x", "severity": "sev9"}); err == nil {
		t.Error("chose what is not offered")
	}
	answer = `{"response_action":"errors","errors":{"title":"say more"}}`
	a, err := ana.Submit(ctx, map[string]string{"title": "<slow>", "choice": "sev2"})
	ok(t, err)
	if a.Fields["title"] != "say more" || a.Error != "" {
		t.Errorf("answer %+v", a)
	}
	last := b.requests("/slack/interactions")
	form, _ := url.ParseQuery(last[len(last)-1])
	payload := form.Get("payload")
	for _, part := range []string{`"value":"\u003cslow\u003e"`, `"private_metadata":"meta"`, `"callback_id":"open"`, `"value":"sev2"`, opened.ID} {
		if !strings.Contains(payload, part) {
			t.Errorf("the payload lacks %s:\n%s", part, payload)
		}
	}
	answer = `{"response_action":"errors","errors":{"nowhere":"x"}}`
	if a, err = ana.Submit(ctx, map[string]string{"title": "x"}); err != nil || a.Error != "invalid_view_response" {
		t.Errorf("errors for a block that is not there: %+v %v", a, err)
	}
	if v, is := w.Modal(w.ana); !is || v.ID != opened.ID {
		t.Errorf("the modal is gone: %+v", v)
	}
	answer = `{"response_action":"push","view":{"type":"modal","title":{"type":"plain_text","text":"Sure?"},"blocks":[{"type":"divider"}]}}`
	_, err = ana.Submit(ctx, map[string]string{"title": "x"})
	ok(t, err)
	if v, _ := w.Modal(w.ana); v.Title != "Sure?" || len(w.Snapshot().Views[w.ana]) != 2 {
		t.Errorf("on top is %+v", v)
	}
	answer = `{"response_action":"clear"}`
	_, err = ana.Submit(ctx, nil)
	ok(t, err)
	if _, is := w.Modal(w.ana); is {
		t.Error("still open")
	}
}

func TestUpdatePushPublish(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	b := withBot(t, w, nil)
	opened, err := w.api.OpenViewContext(ctx, lastTrigger(t, w, b), modal("ext"))
	ok(t, err)
	next := modal("ext")
	next.Title.Text = "Second"
	updated, err := w.api.UpdateViewContext(ctx, next, "", opened.Hash, opened.ID)
	ok(t, err)
	if updated.ID != opened.ID || updated.Hash == opened.Hash {
		t.Errorf("updated to %+v", updated.View)
	}
	_, err = w.api.UpdateViewContext(ctx, next, "", opened.Hash, opened.ID)
	refused(t, err, "hash_conflict")
	_, err = w.api.UpdateViewContext(ctx, next, "nobody", "", "")
	refused(t, err, "not_found")
	for range 2 {
		_, err = w.api.PushViewContext(ctx, lastTrigger(t, w, b), modal(""))
		ok(t, err)
	}
	_, err = w.api.PushViewContext(ctx, lastTrigger(t, w, b), modal(""))
	refused(t, err, "push_limit_reached")
	_, err = w.Actor("ana").CloseModal(ctx)
	ok(t, err)
	if len(w.Snapshot().Views[w.ana]) != 2 || !strings.Contains(strings.Join(b.requests("/slack/interactions"), ""), "view_closed") {
		t.Error("closing did not close, or was not told")
	}
	home := slack.HomeTabViewRequest{Type: "home", Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}
	_, err = w.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: w.ana, View: home})
	ok(t, err)
	ok(t, w.Actor("ana").OpenHome(ctx))
	if h := w.Snapshot().Homes[w.ana]; h.Type != "home" || !strings.Contains(strings.Join(b.requests("/slack/events"), ""), h.ID) {
		t.Errorf("home %+v", h)
	}
	_, err = w.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: "U9999", View: home})
	refused(t, err, "invalid_arguments")
}
