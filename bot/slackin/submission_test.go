package slackin_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
)

const sentForm = `{"type":"view_submission","trigger_id":"1.2.x","team":{"id":"T1"},"user":{"id":"U1","username":"ana"},
"view":{"id":"V1","hash":"h1","callback_id":"task","private_metadata":"{\"i\":\"0190-7\"}",
"blocks":[{"type":"context"},{"type":"input","block_id":"text","element":{"type":"plain_text_input","initial_value":"as it was"}},
{"type":"input","block_id":"who","element":{"type":"users_select"}},{"type":"input","block_id":"due","element":{"initial_date":"2026-03-04"}},
{"type":"input","block_id":"level","element":{"initial_option":{"value":"2"}}}],
"state":{"values":{"text":{"text":{"type":"plain_text_input","value":"a <b> & c"}},"who":{"who":{"selected_user":"U2"}},
"due":{"due":{"selected_date":"2026-03-05"}},"level":{"level":{"selected_option":{"value":"1"}}},"done":{"done":{"value":null}}}}}}`

func sendForm(h http.Handler, payload string) (int, string) {
	w := post(h, "/slack/interactions", "application/x-www-form-urlencoded", url.Values{"payload": {payload}}.Encode(), nil)
	return w.Code, w.Body.String()
}

func TestAFormThatWasSent(t *testing.T) {
	d := &door{answer: bot.Answer{Kind: bot.Done, Text: "added"}}
	h := serve(d, &bytes.Buffer{})
	if code, body := sendForm(h, sentForm); code != http.StatusOK || body != "" {
		t.Errorf("a form that was taken is answered %d %q: it would not close", code, body)
	}
	sendForm(h, strings.Replace(sentForm, `"1.2.x"`, `"1.3.x"`, 1))
	if len(d.requests) != 2 || d.requests[0].Delivery != d.requests[1].Delivery || d.requests[0].Delivery.ID == "" {
		t.Fatalf("the same form is two: %+v", d.requests)
	}
	r := d.requests[0]
	if r.From.User != "U1" || r.From.Team != "T1" || r.Surface != "modal" || r.Form == nil {
		t.Fatalf("took in %+v", r)
	}
	for field, want := range map[string]string{"text": "a <b> & c", "who": "U2", "due": "2026-03-05", "level": "1", "done": ""} {
		if got := r.Form.Values[field]; got != want {
			t.Errorf("%s is %q and not %q", field, got, want)
		}
	}
	for field, want := range map[string]string{"text": "as it was", "who": "", "due": "2026-03-04", "level": "2"} {
		if got, there := r.Form.Was[field]; got != want || !there {
			t.Errorf("%s was %q and not %q", field, got, want)
		}
	}
	sendForm(h, strings.Replace(sentForm, `"h1"`, `"h2"`, 1))
	if d.requests[2].Delivery == r.Delivery {
		t.Error("a form that was changed is taken for the one before")
	}
}

func TestWhatIsWrongInAFormIsSaidBesideItsField(t *testing.T) {
	d := &door{answer: bot.Answer{Kind: bot.NotSaved, Text: "NOT saved", Fields: map[string]string{"text": "NOT saved"}}}
	code, body := sendForm(serve(d, &bytes.Buffer{}), sentForm)
	if code != http.StatusOK || !strings.Contains(body, `"response_action":"errors"`) || !strings.Contains(body, `"text":"NOT saved"`) {
		t.Errorf("answered %d %s", code, body)
	}
}

func TestAFormInsteadOfAnAnswerSaysNothing(t *testing.T) {
	d := &door{answer: bot.Answer{Kind: bot.Silent}}
	w := post(serve(d, &bytes.Buffer{}), "/slack/commands", "application/x-www-form-urlencoded", command("update"), nil)
	if w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("answered %d %q", w.Code, w.Body)
	}
}
