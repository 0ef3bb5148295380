package hooks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/rest"
	"github.com/rollcall-bot/rollcall/incident"
)

// The headers of a webhook. Their names are a promise to receivers.
const (
	HeaderTimestamp = "X-Rollcall-Timestamp" // seconds since 1970, of this attempt
	HeaderSignature = "X-Rollcall-Signature" // "v1=" and the signature in hexadecimal
	HeaderKey       = "Idempotency-Key"      // the same at every attempt of a run
)

// Order is the body of a webhook.
type Order struct {
	Event   string `json:"event"` // always "rollback"
	Run     string `json:"run"`   // as in HeaderKey
	Key     string `json:"key"`
	Service string `json:"service"`
	Title   string `json:"title,omitempty"` // never of a private incident
}

// Sign is the signature of a webhook: HMAC-SHA256 of the timestamp, a dot and the
// body as it was sent.
func Sign(secret string, at time.Time, body []byte) (timestamp, signature string) {
	timestamp = strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return timestamp, "v1=" + hex.EncodeToString(mac.Sum(nil))
}

// call makes the webhook's call.
//
// Class: idempotent. The receiver knows a repeat by its key.
func (r *Runner) call(ctx context.Context, hook Hook, h outbound.Hook) (outbound.Hooked, error) {
	const step = "call a rollback webhook"
	body, err := json.Marshal(Order{Event: "rollback", Run: h.ID, Key: h.Key, Service: h.Service, Title: h.Title})
	if err != nil {
		return outbound.Hooked{}, &outbound.Failure{End: outbound.Refused, Step: step, Fix: "the order could not be written", Err: err}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.Webhook, bytes.NewReader(body))
	if err != nil {
		return outbound.Hooked{}, &outbound.Failure{End: outbound.Refused, Step: step, Fix: "the address cannot be used"}
	}
	timestamp, signature := Sign(r.Secret, r.Wall(), body)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set(HeaderTimestamp, timestamp)
	req.Header.Set(HeaderSignature, signature)
	req.Header.Set(HeaderKey, h.ID)
	a, f := rest.Exchange(r.client, req, step)
	switch {
	case f != nil:
		return outbound.Hooked{}, f
	case a.Status == http.StatusAccepted:
		return outbound.Hooked{End: incident.HookAccepted}, nil
	case a.Well():
		return outbound.Hooked{End: incident.HookDone}, nil
	}
	return outbound.Hooked{}, rest.Unwilling(a, step)
}
