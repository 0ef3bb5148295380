package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/rest"
)

// Webhook sends RFOs to an address of the operator's choice.
type Webhook struct {
	url    string
	secret string
	client *http.Client
	now    func() time.Time
}

// NewWebhook makes one that signs with secret. client is what keeps it to where it may go.
func NewWebhook(address, secret string, client *http.Client, now func() time.Time) *Webhook {
	return &Webhook{url: address, secret: secret, client: client, now: now}
}

// Key is what a receiver knows a delivery by.
func Key(p outbound.Paper) string {
	return string(p.Incident) + "/r" + strconv.Itoa(p.Revision) + "/" + p.Op
}

// delivery is the body of a webhook. Fields are added, never renamed.
type delivery struct {
	Event    string          `json:"event"`
	Incident string          `json:"incident"`
	Title    string          `json:"title,omitempty"`
	File     string          `json:"file"`
	Revision int             `json:"revision"`
	At       time.Time       `json:"published_at"`
	Markdown string          `json:"markdown"`
	Document json.RawMessage `json:"document"`
}

// Export sends a revision. A repeat carries the same key, by which the receiver
// can tell it, and the same body.
func (w *Webhook) Export(ctx context.Context, p outbound.Paper) (place string, err error) {
	const step = "webhook"
	body, err := json.Marshal(delivery{
		Event: "rfo.published", Incident: p.Key, Title: p.Title, File: p.Name, Revision: p.Revision, At: p.At.UTC(),
		Markdown: string(p.Text.Plain), Document: p.Text.JSON,
	})
	if err != nil {
		return "", &outbound.Failure{End: outbound.Refused, Step: step, Code: "encode", Err: err, Fix: "The RFO could not be encoded; this is an error of Rollcall's."}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return "", &outbound.Failure{End: outbound.Refused, Step: step, Code: "address", Fix: "Mend rfo_webhook.url in rollcall.yaml."}
	}
	rest.Sign(req, w.secret, Key(p), w.now(), body)
	resp, err := w.client.Do(req)
	if err != nil {
		return "", unreached(step, err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, resp.Body) // what it says does not matter, and the client bounds it
	if f := status(step, resp); f != nil {
		return "", f
	}
	return Place(w.url), nil
}

// Place is an address without its query, which may hold a secret.
func Place(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// unreached is the end of a call without an answer: it may have arrived, unless it
// was never sent.
func unreached(step string, err error) *outbound.Failure {
	var refused *guard.Refused
	if errors.As(err, &refused) {
		return &outbound.Failure{End: outbound.Refused, Step: step, Code: "not_allowed", Fix: refused.Error() + "."}
	}
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err // without the address, whose query may hold a secret
	}
	return &outbound.Failure{End: outbound.Unclear, Step: step, Err: err}
}

// status judges an answer: 2xx is well, what a later attempt may change is tried
// again, and the rest is refused. 409 says that the key is known.
func status(step string, resp *http.Response) *outbound.Failure {
	code := strconv.Itoa(resp.StatusCode)
	switch {
	case resp.StatusCode/100 == 2, resp.StatusCode == http.StatusConflict:
		return nil
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") != "":
		return &outbound.Failure{End: outbound.Delayed, Wait: retryAfter(resp), Code: outbound.RateLimited, Step: step}
	case resp.StatusCode/100 == 5, resp.StatusCode == http.StatusRequestTimeout:
		return &outbound.Failure{End: outbound.Unclear, Code: code, Step: step}
	}
	return &outbound.Failure{
		End: outbound.Refused, Code: code, Step: step,
		Fix: fmt.Sprintf("the receiver answered %s; look at rfo_webhook in rollcall.yaml and at the receiver's log.", code),
	}
}

// retryAfter is how long the other side wants us to wait, at least a second and at
// most an hour; a minute when it does not say in seconds.
func retryAfter(resp *http.Response) time.Duration {
	n, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil {
		return time.Minute
	}
	return min(max(time.Duration(n)*time.Second, time.Second), time.Hour)
}
