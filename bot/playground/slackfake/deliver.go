package slackfake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// answerTime is how long Slack waits for the bot, in real time.
const answerTime = 3 * time.Second

// DeliveryKind is one of the three things that Slack sends.
type DeliveryKind string

// What Slack sends, named as the path below /slack/ that it goes to.
const (
	Command     DeliveryKind = "commands"
	Interaction DeliveryKind = "interactions"
	Event       DeliveryKind = "events"
)

// Via is the way that a delivery takes.
type Via string

// The ways to the bot. The zero Via is HTTP when the bot has an address, and otherwise Socket Mode.
const (
	HTTP       Via = "http"
	SocketMode Via = "socket"
)

// Delivery is one payload for the bot.
type Delivery struct {
	ID       int
	Kind     DeliveryKind
	Type     string // the command, or the type of the interaction or event
	EventID  string
	Payload  json.RawMessage
	Attempts []Answer
	noRetry  bool
	done     chan struct{} // closed after the first attempt
}

// Answer is what came back from the bot.
type Answer struct {
	Via    Via
	Status int    // HTTP; 200 for an acknowledgement over a socket
	Body   []byte // raw
	// Error is what Slack makes of it: operation_timeout, dispatch_failed, invalid_command_response; "" when all is well.
	Error  string
	Fields map[string]string // response_action errors of a view, by block
	Took   time.Duration
	noMore bool
}

// JSON is the body as an object; nil when it is none.
func (a Answer) JSON() map[string]any {
	var out map[string]any
	if json.Unmarshal(a.Body, &out) != nil {
		return nil
	}
	return out
}

// Text is the text of the answer, or a body that is not JSON.
func (a Answer) Text() string {
	if o := a.JSON(); o != nil {
		s, _ := o["text"].(string)
		return s
	}
	return string(a.Body)
}

// Plain is all that a person reads of the answer.
func (a Answer) Plain() string {
	var r reply
	if json.Unmarshal(a.Body, &r) != nil {
		return string(a.Body)
	}
	return Content{Text: r.Text, Blocks: r.Blocks}.Plain()
}

// Sign returns Slack's headers for a body at a time: v0=HMAC-SHA256(secret, "v0:" + stamp + ":" + body).
func Sign(secret string, at time.Time, body []byte) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	return http.Header{
		"X-Slack-Request-Timestamp": {stamp},
		"X-Slack-Signature":         {"v0=" + hex.EncodeToString(mac.Sum(nil))},
	}
}

// form is a payload as it is sent over HTTP.
func (d *Delivery) form() (body []byte, contentType string) {
	switch d.Kind {
	case Event:
		return d.Payload, "application/json"
	case Interaction:
		return []byte(url.Values{"payload": {string(d.Payload)}}.Encode()), "application/x-www-form-urlencoded"
	default:
		var fields map[string]string
		_ = json.Unmarshal(d.Payload, &fields)
		values := url.Values{}
		for k, v := range fields {
			values.Set(k, v)
		}
		return []byte(values.Encode()), "application/x-www-form-urlencoded"
	}
}

// Deliveries returns what was sent to the bot so far, in order.
func (ws *Workspace) Deliveries() []Delivery {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	var out []Delivery
	for _, d := range ws.state.sent {
		c := *d
		c.Attempts = slices.Clone(d.Attempts)
		out = append(out, c)
	}
	return out
}

// Repeat delivers once more what was delivered before: the same payload, freshly signed, by the way that is asked for.
// Nothing is done with the answer.
func (ws *Workspace) Repeat(ctx context.Context, id int, via Via) (Answer, error) {
	ws.mu.Lock()
	var found *Delivery
	if id >= 1 && id <= len(ws.state.sent) {
		found = ws.state.sent[id-1]
	}
	ws.mu.Unlock()
	if found == nil {
		return Answer{}, fmt.Errorf("there is no delivery %d", id)
	}
	return ws.attempt(ctx, found, via, 0), nil
}

// RedeliverEvents tries the events again that the bot did not take, as Slack does up to three times, and says how many
// it took now.
func (ws *Workspace) RedeliverEvents(ctx context.Context) (taken int) {
	ws.mu.Lock()
	var failed []*Delivery
	var retries []int
	for _, d := range ws.state.sent {
		n := len(d.Attempts)
		if d.Kind == Event && n > 0 && n <= 3 && !d.noRetry && !slices.ContainsFunc(d.Attempts, Answer.good) {
			failed, retries = append(failed, d), append(retries, n)
		}
	}
	ws.mu.Unlock()
	for n, d := range failed {
		if ws.attempt(ctx, d, "", retries[n]).good() {
			taken++
		}
	}
	return taken
}

func (a Answer) good() bool { return a.Error == "" && a.Status >= 200 && a.Status < 300 }

// attempt sends a delivery and writes down what came of it. retry counts from 1 for Slack's own repeats.
func (ws *Workspace) attempt(ctx context.Context, d *Delivery, via Via, retry int) Answer {
	ws.mu.Lock()
	bot := ws.state.switches.botURL
	reason := ""
	if retry > 0 && len(d.Attempts) > 0 {
		reason = retryReason(d.Attempts[len(d.Attempts)-1])
	}
	ws.mu.Unlock()
	if via == "" {
		if via = SocketMode; bot != "" {
			via = HTTP
		}
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	var a Answer
	switch {
	case ws.faults.Down():
		a = Answer{Error: "dispatch_failed"}
	case via == HTTP:
		a = ws.post(ctx, bot, d, retry, reason)
	default:
		a = ws.overSocket(ctx, d, retry, reason)
	}
	a.Via = via
	ws.mu.Lock()
	d.Attempts = append(d.Attempts, a)
	d.noRetry = d.noRetry || a.noMore
	ws.mu.Unlock()
	ws.record(Call{
		Method: "answer", Args: map[string]string{"to": string(d.Kind), "type": d.Type, "body": string(a.Body)},
		At: ws.now(), OK: a.good(), Done: a.good(), Error: a.Error, Status: a.Status,
	})
	return a
}

func retryReason(a Answer) string {
	switch {
	case a.Error == "operation_timeout":
		return "http_timeout"
	case a.Status == 0:
		return "connection_failed"
	default:
		return "http_error"
	}
}

// post sends a delivery over HTTP.
func (ws *Workspace) post(ctx context.Context, bot string, d *Delivery, retry int, reason string) Answer {
	body, contentType := d.form()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, bot+"/slack/"+string(d.Kind), bytes.NewReader(body))
	if err != nil || bot == "" {
		return Answer{Error: "dispatch_failed"}
	}
	req.Header = Sign(ws.opts.SigningSecret, ws.now(), body)
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	if retry > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(retry))
		req.Header.Set("X-Slack-Retry-Reason", reason)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return Answer{Error: transportError(err)}
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return Answer{Error: transportError(err)}
	}
	a := Answer{Status: resp.StatusCode, Body: answer, noMore: resp.Header.Get("X-Slack-No-Retry") == "1"}
	if !a.good() {
		a.Error = "dispatch_failed"
		if d.Kind == Event {
			a.Error = "http_error"
		}
	}
	return a
}

func transportError(err error) string {
	if errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "deadline exceeded") {
		return "operation_timeout"
	}
	return "dispatch_failed"
}

// VerifyURLs asks the bot's addresses what Slack asks when they are entered in the app's settings: a signed
// url_verification for events and an ssl_check for commands. The error says which one failed.
func (ws *Workspace) VerifyURLs(ctx context.Context) error {
	ws.mu.Lock()
	challenge := fmt.Sprintf("challenge-%d", len(ws.state.sent)+1)
	check := ws.newDelivery(Event, "url_verification", obj{"type": "url_verification", "token": "verification-test", "challenge": challenge})
	probe := ws.newDelivery(Command, "ssl_check", map[string]string{"ssl_check": "1", "token": "verification-test"})
	ws.mu.Unlock()
	a := ws.attempt(ctx, check, HTTP, 0)
	said, _ := a.JSON()["challenge"].(string)
	if !a.good() || (said != challenge && strings.TrimSpace(string(a.Body)) != challenge) {
		return fmt.Errorf("the address for events does not answer the challenge: %d %q %s", a.Status, a.Body, a.Error)
	}
	if a := ws.attempt(ctx, probe, HTTP, 0); !a.good() {
		return fmt.Errorf("the address for commands does not answer the check of its certificate: %d %s", a.Status, a.Error)
	}
	return nil
}
