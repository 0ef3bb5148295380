package slackfake

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

// withBot starts a bot that answers over HTTP.
func withBot(t *testing.T, w *testWorld, answer func(path, body string) (int, string)) *bot {
	t.Helper()
	b := &bot{answer: answer}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	w.SetBotURL(server.URL)
	return b
}

func TestSignature(t *testing.T) {
	body := []byte("token=x&text=héllo")
	check := func(secret string, h http.Header) error {
		v, err := slack.NewSecretsVerifier(h, secret)
		if err != nil {
			return err
		}
		_, _ = v.Write(body)
		return v.Ensure()
	}
	h := Sign("one", time.Now(), body)
	ok(t, check("one", h))
	if check("two", h) == nil {
		t.Error("another secret verifies too")
	}
	if check("one", Sign("one", time.Now().Add(-6*time.Minute), body)) == nil {
		t.Error("an old stamp verifies")
	}
	w := newWorld(t)
	b := withBot(t, w, nil)
	_, err := w.Actor("ana").Slash(t.Context(), "ops", "/incident", "list")
	ok(t, err)
	sent := b.got[0].Header
	want := Sign(w.SigningSecret(), t0, []byte(b.bodies[0]))
	if sent.Get("X-Slack-Signature") != want.Get("X-Slack-Signature") || sent.Get("X-Slack-Request-Timestamp") != "1772442000" {
		t.Errorf("signed %v, want %v", sent, want)
	}
}

func TestSlash(t *testing.T) {
	w := newWorld(t)
	b := withBot(t, w, func(string, string) (int, string) {
		return 200, `{"response_type":"ephemeral","text":"INC-1 is open","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"call link"}}]}`
	})
	w.AddUserGroup("oncall", "On call")
	a, err := w.Actor("ana").Slash(t.Context(), "ops", "/incident",
		`open <b>&"x" @ben.b. and @nobody, mail a@ana #ops https://example.org/a?b=1&c=2. @oncall @here <@U1>`)
	ok(t, err)
	if a.Error != "" || a.Text() != "INC-1 is open" || a.Plain() != "INC-1 is open\ncall link" || a.Status != 200 {
		t.Errorf("answer %+v", a)
	}
	form, err := url.ParseQuery(b.requests("/slack/commands")[0])
	ok(t, err)
	want := `open &lt;b&gt;&amp;"x" <@` + w.ben + `|ben.b>. and @nobody, mail a@ana <#` + w.ops + `|ops> ` +
		`<https://example.org/a?b=1&amp;c=2>. <!subteam^S0001|@oncall> <!here> &lt;@U1&gt;`
	if got := form.Get("text"); got != want {
		t.Errorf("escaped as\n%s, want\n%s", got, want)
	}
	for name, value := range map[string]string{
		"team_id": "T0001", "channel_id": w.ops, "channel_name": "ops", "user_id": w.ana, "user_name": "ana", "command": "/incident",
		"api_app_id": "A0001", "is_enterprise_install": "false",
	} {
		if form.Get(name) != value {
			t.Errorf("%s is %q, want %q", name, form.Get(name), value)
		}
	}
	if seen := w.Ephemerals(w.ana); len(seen) != 1 || seen[0].Text != "INC-1 is open" || seen[0].Via != "answer" {
		t.Errorf("ana sees %+v", seen)
	}
	if w.MessageCount("ops") != 0 {
		t.Error("an ephemeral answer is in the channel")
	}
	private := w.AddChannel("inc-8", true, w.ana)
	_, err = w.Actor("ana").Slash(t.Context(), private, "/incident", "list")
	ok(t, err)
	if form, _ = url.ParseQuery(b.requests("/slack/commands")[1]); form.Get("channel_name") != "privategroup" {
		t.Errorf("a private channel is called %q", form.Get("channel_name"))
	}
	if _, err := w.Actor("ben.b").Slash(t.Context(), private, "/incident", "list"); err == nil {
		t.Error("a command in a channel that cannot be seen")
	}
	w.ChangeUser(w.ben, func(u *User) { u.Deleted = true })
	if _, err := w.Actor(w.ben).Slash(t.Context(), "ops", "/incident", "list"); err == nil {
		t.Error("a deactivated person typed a command")
	}
}

func TestSlashFailures(t *testing.T) {
	w := newWorld(t)
	status, body := 200, ""
	withBot(t, w, func(string, string) (int, string) { return status, body })
	for _, c := range []struct {
		status       int
		body, want   string
		shown, where string
	}{
		{200, "", "", "", ""},
		{200, "plain text", "", "plain text", "whisper"},
		{200, `{"response_type":"in_channel","text":"for all"}`, "", "for all", "channel"},
		{200, `{"text":"x","blocks":[{"type":"nonsense"}]}`, "invalid_command_response", `failed with the error "invalid_command_response"`, "whisper"},
		{500, "oops", "dispatch_failed", `failed with the error "dispatch_failed"`, "whisper"},
	} {
		status, body = c.status, c.body
		before, spoken := len(w.Ephemerals(w.ana)), w.MessageCount("ops")
		a, err := w.Actor("ana").Slash(t.Context(), "ops", "/incident", "list")
		ok(t, err)
		if a.Error != c.want {
			t.Errorf("%d %q gave %q, want %q", c.status, c.body, a.Error, c.want)
		}
		seen := w.Ephemerals(w.ana)[before:]
		switch c.where {
		case "":
			if len(seen) != 0 || w.MessageCount("ops") != spoken {
				t.Errorf("%q showed something", c.body)
			}
		case "channel":
			if m := w.Messages("ops"); m[len(m)-1].Text != c.shown {
				t.Errorf("%q showed %+v", c.body, m)
			}
		default:
			if len(seen) != 1 || !strings.Contains(seen[0].Text, c.shown) {
				t.Errorf("%q showed %+v, want %q", c.body, seen, c.shown)
			}
		}
	}
	w.SetBotURL("http://127.0.0.1:1")
	if a, err := w.Actor("ana").Slash(t.Context(), "ops", "/incident", "list"); err != nil || a.Error != "dispatch_failed" {
		t.Errorf("a bot that is not there gave %+v %v", a, err)
	}
}

func TestOperationTimeout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	release := make(chan struct{})
	withBot(t, w, func(string, string) (int, string) { <-release; return 200, "" })
	a, err := w.Actor("ana").Slash(t.Context(), "ops", "/incident", "list")
	close(release)
	ok(t, err)
	if a.Error != "operation_timeout" || !strings.Contains(w.Ephemerals(w.ana)[0].Text, "operation_timeout") {
		t.Errorf("after three seconds: %+v", a)
	}
}

func postHook(t *testing.T, address string, body obj) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(encode(body)))
	ok(t, err)
	resp, err := http.DefaultClient.Do(req)
	ok(t, err)
	defer func() { _ = resp.Body.Close() }()
	var text strings.Builder
	_, _ = bytesTo(&text, resp)
	return resp.StatusCode, strings.TrimSpace(text.String())
}

func bytesTo(b *strings.Builder, resp *http.Response) (int64, error) {
	buf := new(bytes.Buffer)
	n, err := buf.ReadFrom(resp.Body)
	b.WriteString(buf.String())
	return n, err
}

func TestResponseURL(t *testing.T) {
	w := newWorld(t)
	var address string
	withBot(t, w, func(_, body string) (int, string) {
		form, _ := url.ParseQuery(body)
		address = form.Get("response_url")
		return 200, ""
	})
	slash := func() {
		t.Helper()
		_, err := w.Actor("ana").Slash(t.Context(), "ops", "/incident", "list")
		ok(t, err)
	}
	slash()
	for n := range 5 {
		if status, said := postHook(t, address, obj{"text": "reply", "response_type": "ephemeral"}); status != 200 || said != "ok" {
			t.Fatalf("use %d: %d %s", n+1, status, said)
		}
	}
	if status, said := postHook(t, address, obj{"text": "one too many"}); status != 404 || !strings.Contains(said, "used_url") {
		t.Errorf("the sixth use: %d %s", status, said)
	}
	if len(w.Ephemerals(w.ana)) != 5 || w.Ephemerals(w.ana)[0].Via != "response_url" {
		t.Errorf("ana sees %+v", w.Ephemerals(w.ana))
	}
	slash()
	if status, said := postHook(t, address, obj{"response_type": "ephemeral"}); status != 400 || !strings.Contains(said, "no_text") {
		t.Errorf("nothing to say: %d %s", status, said)
	}
	w.clock.Advance(30 * time.Minute)
	if status, _ := postHook(t, address, obj{"text": "at the last moment"}); status != 200 {
		t.Errorf("after 30 minutes: %d", status)
	}
	w.clock.Advance(time.Second)
	if status, said := postHook(t, address, obj{"text": "late"}); status != 404 || !strings.Contains(said, "expired_url") {
		t.Errorf("after more than 30 minutes: %d %s", status, said)
	}
	if status, _ := postHook(t, address+"0", obj{"text": "guess"}); status != 404 {
		t.Errorf("a guessed address: %d", status)
	}
}

func TestClick(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	var got slack.InteractionCallback
	withBot(t, w, func(_, body string) (int, string) {
		form, _ := url.ParseQuery(body)
		if err := json.Unmarshal([]byte(form.Get("payload")), &got); err != nil {
			t.Error(err)
		}
		return 200, `{"text":"Slack does not look at this"}`
	})
	button := slack.NewButtonBlockElement("run:0", "task done T1", slack.NewTextBlockObject("plain_text", "Done", false, false))
	_, ts, err := w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText("card", false), slack.MsgOptionBlocks(slack.NewActionBlock("row", button)))
	ok(t, err)
	if b := w.Messages("ops")[0].Buttons(); len(b) != 1 || b[0].Text != "Done" || b[0].ActionID != "run:0" {
		t.Errorf("buttons %+v", b)
	}
	a, err := w.Actor("ben.b").Click(ctx, "ops", ts, "run:0", "")
	ok(t, err)
	act := got.ActionCallback.BlockActions[0]
	if a.Error != "" || act.ActionID != "run:0" || act.Value != "task done T1" || act.BlockID != "row" || got.User.ID != w.ben ||
		got.Container.MessageTs != ts || got.Container.IsEphemeral || got.TriggerID == "" || got.Message.Text != "card" {
		t.Errorf("the bot was told %+v", got)
	}
	if len(w.Ephemerals(w.ben)) != 0 {
		t.Error("the body of the answer was shown")
	}
	status, _ := postHook(t, got.ResponseURL, obj{"text": "replaced", "replace_original": true})
	if m := w.Messages("ops"); status != 200 || len(m) != 1 || m[0].Text != "replaced" {
		t.Errorf("%d, %+v", status, m)
	}
	if _, err := w.Actor("ana").Click(ctx, "ops", ts, "run:0", ""); err == nil {
		t.Error("pressed a button that is gone")
	}
	hidden, err := w.api.PostEphemeralContext(ctx, w.ops, w.ana, slack.MsgOptionText("sure?", false), slack.MsgOptionBlocks(slack.NewActionBlock("", button)))
	ok(t, err)
	if _, err := w.Actor("ben.b").Click(ctx, "ops", hidden, "run:0", ""); err == nil {
		t.Error("pressed a button that only ana sees")
	}
	_, err = w.Actor("ana").Click(ctx, "ops", hidden, "run:0", "")
	ok(t, err)
	if !got.Container.IsEphemeral {
		t.Errorf("container %+v", got.Container)
	}
	postHook(t, got.ResponseURL, obj{"text": "yes", "replace_original": "true"})
	if seen := w.Ephemerals(w.ana); len(seen) != 1 || seen[0].Text != "yes" {
		t.Errorf("ana sees %+v", seen)
	}
	postHook(t, got.ResponseURL, obj{"delete_original": true})
	if len(w.Ephemerals(w.ana)) != 0 {
		t.Error("the message was not deleted")
	}
}
