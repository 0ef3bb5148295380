package slackin_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/slackin"
)

const secret = "8f742231b10e8888abcd99yyyzzz85a5"

var now = time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)

// door remembers what came through.
type door struct {
	requests   []bot.Request
	happenings []bot.Happening
	answer     bot.Answer
	fail       error
}

func (d *door) Handle(_ context.Context, r bot.Request) bot.Answer {
	d.requests = append(d.requests, r)
	return d.answer
}

func (d *door) Observe(_ context.Context, h bot.Happening) error {
	d.happenings = append(d.happenings, h)
	return d.fail
}

func serve(d *door, log *bytes.Buffer) http.Handler {
	mux := http.NewServeMux()
	logger := slog.New(slog.NewTextHandler(log, nil))
	slackin.New(slackin.Options{
		Secret: secret, Door: d, Now: func() time.Time { return now }, Log: logger,
		Render: func(to []byte, a bot.Answer) ([]byte, error) {
			body, err := json.Marshal(map[string]string{"text": a.Text})
			return append(to, body...), err
		},
	}).Register(mux)
	return mux
}

func sign(r *http.Request, body string, at time.Time) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}

func command(text string) string {
	return url.Values{
		"team_id": {"T1"}, "channel_id": {"C1"}, "user_id": {"U1"}, "user_name": {"ana"}, "command": {"/incident"},
		"text": {text}, "trigger_id": {"1.2.abc"},
	}.Encode()
}

func post(h http.Handler, path, contentType, body string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	sign(r, body, now)
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const form = "application/x-www-form-urlencoded"

func TestOnlyWhatSlackSignedIsRead(t *testing.T) {
	body := command("open Mail is slow")
	for name, change := range map[string]func(*http.Request){
		"no signature":        func(r *http.Request) { r.Header.Del("X-Slack-Signature") },
		"no timestamp":        func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") },
		"another version":     func(r *http.Request) { set(r, strings.Replace(signature(r), "v0=", "v1=", 1)) },
		"one bit":             func(r *http.Request) { set(r, flip(signature(r))) },
		"upper case":          func(r *http.Request) { set(r, "v0="+strings.ToUpper(signature(r)[3:])) },
		"trailing space":      func(r *http.Request) { set(r, signature(r)+" ") },
		"shortened":           func(r *http.Request) { set(r, signature(r)[:20]) },
		"another timestamp":   func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(now.Unix()+1, 10)) },
		"two signatures":      func(r *http.Request) { r.Header.Add("X-Slack-Signature", signature(r)) },
		"a timestamp in text": func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", "now") },
		"too old":             func(r *http.Request) { sign(r, body, now.Add(-301*time.Second)) },
		"from the future":     func(r *http.Request) { sign(r, body, now.Add(301*time.Second)) },
		"another body":        func(r *http.Request) { sign(r, body+"&x=y", now) },
		"packed":              func(r *http.Request) { sign(r, "\x1f\x8b", now); r.Header.Set("Content-Encoding", "gzip") },
	} {
		t.Run(name, func(t *testing.T) {
			var d door
			var log bytes.Buffer
			w := post(serve(&d, &log), "/slack/commands", form, body, change)
			if w.Code != http.StatusUnauthorized || len(d.requests) != 0 {
				t.Fatalf("answered %d, %d requests came through", w.Code, len(d.requests))
			}
			right := httptest.NewRequest(http.MethodPost, "/", nil)
			sign(right, body, now)
			if all := log.String() + w.Body.String(); strings.Contains(all, signature(right)[3:]) {
				t.Fatalf("the right signature is told: %s", all)
			}
		})
	}
}

func signature(r *http.Request) string  { return r.Header.Get("X-Slack-Signature") }
func set(r *http.Request, value string) { r.Header.Set("X-Slack-Signature", value) }
func flip(s string) string {
	last := s[len(s)-1]
	if last == '0' {
		return s[:len(s)-1] + "1"
	}
	return s[:len(s)-1] + "0"
}

func TestASignatureHoldsForFiveMinutes(t *testing.T) {
	const year = 365 * 24 * time.Hour
	for off, want := range map[time.Duration]int{
		-299 * time.Second: http.StatusOK, 0: http.StatusOK, 299 * time.Second: http.StatusOK,
		-301 * time.Second: http.StatusUnauthorized, 301 * time.Second: http.StatusUnauthorized,
		-year: http.StatusUnauthorized, year: http.StatusUnauthorized,
	} {
		var d door
		body := command("help")
		w := post(serve(&d, &bytes.Buffer{}), "/slack/commands", form, body, func(r *http.Request) { sign(r, body, now.Add(off)) })
		if w.Code != want || (len(d.requests) == 1) != (want == http.StatusOK) {
			t.Errorf("%v off: %d and %d requests, want %d", off, w.Code, len(d.requests), want)
		}
	}
}

func TestStatusesOfHTTP(t *testing.T) {
	var d door
	h := serve(&d, &bytes.Buffer{})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/slack/commands", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != http.MethodPost {
		t.Errorf("GET: %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
	if w := post(h, "/slack/commands", form, strings.Repeat("x", 1<<20+1), nil); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("more than 1 MiB: %d", w.Code)
	}
	if w := post(h, "/slack/commands", "text/plain", command("help"), nil); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("text/plain: %d", w.Code)
	}
	if w := post(h, "/slack/commands", form, "ssl_check=1&token=x", nil); w.Code != http.StatusOK || len(d.requests) != 0 {
		t.Errorf("ssl_check: %d with %d requests", w.Code, len(d.requests))
	}
}

func TestACommandOverHTTP(t *testing.T) {
	d := door{answer: bot.Answer{Kind: bot.Done, Text: "INC-1"}}
	w := post(serve(&d, &bytes.Buffer{}), "/slack/commands", form+"; charset=utf-8", command("open Mail &amp; more"), nil)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "INC-1") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	r := d.requests[0]
	want := bot.From{Team: "T1", User: "U1", Name: "ana", Channel: "C1"}
	if r.From != want || r.Text != "open Mail &amp; more" || r.Surface != "slash" || r.Delivery.ID == "" {
		t.Fatalf("request %+v", r)
	}
}

func TestTheDeliveryIsKnownByItsPayload(t *testing.T) {
	var d door
	h := serve(&d, &bytes.Buffer{})
	post(h, "/slack/commands", form, command("open A"), nil)
	body := command("open A")
	post(h, "/slack/commands", form, body, func(r *http.Request) { sign(r, body, now.Add(99*time.Second)) })
	post(h, "/slack/commands", form, command("open B"), nil)
	if a, b, c := d.requests[0].Delivery, d.requests[1].Delivery, d.requests[2].Delivery; a != b || a == c {
		t.Fatalf("deliveries %v %v %v", a, b, c)
	}
}

func TestAButtonRunsItsLine(t *testing.T) {
	d := door{answer: bot.Answer{Kind: bot.Done, Text: "done"}}
	payload := `{"type":"block_actions","trigger_id":"9.9","team":{"id":"T1"},"user":{"id":"U2","username":"bea","team_id":"T1"},
		"channel":{"id":"C7"},"container":{"message_ts":"1.0","is_ephemeral":false},"response_url":"https://hooks.slack.com/x",
		"actions":[{"action_id":"run:done","value":"0190-abc task done T2","action_ts":"5"}]}`
	w := post(serve(&d, &bytes.Buffer{}), "/slack/interactions", form, url.Values{"payload": {payload}}.Encode(), nil)
	if w.Code != http.StatusOK || len(d.requests) != 1 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	r := d.requests[0]
	if r.Incident != "0190-abc" || r.Text != "task done T2" || r.From.User != "U2" || r.ReplyTo.URL == "" || r.Surface != "button" {
		t.Fatalf("request %+v", r)
	}
}

func TestAMentionIsACommand(t *testing.T) {
	d := door{answer: bot.Answer{Kind: bot.Shown}}
	h := serve(&d, &bytes.Buffer{})
	body := `{"type":"event_callback","team_id":"T1","event_id":"Ev1","authorizations":[{"user_id":"UBOT"}],
		"event":{"type":"app_mention","user":"U1","text":"hey <@UBOT|rollcall> note all is well","channel":"C7","ts":"5.5","thread_ts":"4.4","blocks":[{"type":7}]}}`
	if w := post(h, "/slack/events", "application/json", body, nil); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	r := d.requests[0]
	if r.Text != "note all is well" || r.Delivery.ID != "Ev1" || r.ReplyTo.Thread != "4.4" || r.From.Channel != "C7" {
		t.Fatalf("request %+v", r)
	}
	own := strings.Replace(body, `"user":"U1"`, `"user":"U1","bot_id":"B9"`, 1)
	post(h, "/slack/events", "application/json", own, nil)
	if len(d.requests) != 1 {
		t.Fatal("a bot was obeyed")
	}
}

func TestWhatIsNotStoredIsAskedForAgain(t *testing.T) {
	d := door{fail: errors.New("disk full"), answer: bot.Answer{Kind: bot.NotSaved}}
	h := serve(&d, &bytes.Buffer{})
	joined := `{"type":"event_callback","event_id":"Ev2","event":{"type":"member_joined_channel","user":"U1","channel":"C1"}}`
	if w := post(h, "/slack/events", "application/json", joined, nil); w.Code != http.StatusServiceUnavailable {
		t.Errorf("a join: %d", w.Code)
	}
	mention := `{"type":"event_callback","event_id":"Ev3","authorizations":[{"user_id":"UB"}],"event":{"type":"app_mention","user":"U1","text":"<@UB> help","channel":"C1"}}`
	if w := post(h, "/slack/events", "application/json", mention, nil); w.Code != http.StatusServiceUnavailable {
		t.Errorf("a mention: %d", w.Code)
	}
}

func TestEventsThatMeanNothingAreDropped(t *testing.T) {
	var d door
	h := serve(&d, &bytes.Buffer{})
	for _, body := range []string{
		`{"type":"event_callback","event_id":"E","event":{"type":"message","text":"secret","channel":"C9","user":"U1","bot_id":"B1"}}`,
		`{"type":"event_callback","event_id":"E","event":{"type":"message","subtype":"channel_topic","text":"secret","channel":"C9","user":"U1"}}`,
		`{"type":"event_callback","event_id":"E","event":{"type":"channel_rename","channel":{"id":"C9","name":"secret"}}}`,
		`{"type":"event_callback","event_id":"E","event":7}`,
		`{"type":"app_rate_limited"}`,
	} {
		if w := post(h, "/slack/events", "application/json", body, nil); w.Code != http.StatusOK {
			t.Errorf("%s: %d", body, w.Code)
		}
	}
	if len(d.requests)+len(d.happenings) != 0 {
		t.Fatalf("%d requests, %d happenings", len(d.requests), len(d.happenings))
	}
}

// Of a message nothing goes further but who was where: which channels are an
// incident's only the door behind knows, and it keeps nothing of the others (bot,
// TestOnlyThatSomebodyWasThereIsKept).
func TestMessagesAreDroppedUnread(t *testing.T) {
	var d door
	var log bytes.Buffer
	h := serve(&d, &log)
	body := `{"type":"event_callback","team_id":"T1","event_id":"E","event":{"type":"message","text":"the secret","channel":"C9","user":"U1",
		"ts":"5.5","files":[{"name":"the secret.pdf"}],"blocks":[{"type":"rich_text","text":"the secret"}]}}`
	if w := post(h, "/slack/events", "application/json", body, nil); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if want := (bot.Happening{Type: bot.Present, Team: "T1", User: "U1", Channel: "C9"}); len(d.requests) != 0 || len(d.happenings) != 1 || d.happenings[0] != want {
		t.Errorf("%d requests, and it happened that %+v", len(d.requests), d.happenings)
	}
	if strings.Contains(log.String(), "secret") {
		t.Errorf("the log tells what was written:\n%s", &log)
	}
}

func TestTheAddressIsVerified(t *testing.T) {
	w := post(serve(&door{}, &bytes.Buffer{}), "/slack/events", "application/json", `{"type":"url_verification","challenge":"abc123"}`, nil)
	if w.Code != http.StatusOK || w.Body.String() != "abc123" {
		t.Fatalf("%d %q", w.Code, w.Body)
	}
}

func FuzzPayloads(f *testing.F) {
	f.Add("/slack/commands", command("open A"))
	f.Add("/slack/interactions", url.Values{"payload": {`{"type":"block_actions","user":{"id":"U"},"actions":[{}]}`}}.Encode())
	f.Add("/slack/events", `{"type":"event_callback","event":{"type":"app_mention","user":{"id":1},"text":"<@"}}`)
	f.Fuzz(func(t *testing.T, path, body string) {
		kinds := map[string]string{"/slack/commands": form, "/slack/interactions": form, "/slack/events": "application/json"}
		if kinds[path] == "" {
			t.Skip()
		}
		if w := post(serve(&door{}, &bytes.Buffer{}), path, kinds[path], body, nil); w.Code >= 500 {
			t.Fatalf("%s answered %d to %q", path, w.Code, body)
		}
	})
}
