package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/rest"
	"github.com/rollcall-bot/rollcall/incident"
)

// formerly are the names under which receivers of rollbacks were first told of the
// timestamp and the signature; they are sent beside the present ones (rest.Sign).
var formerly = map[string]string{rest.TimeHeader: "X-Rollcall-Timestamp", rest.SignatureHeader: "X-Rollcall-Signature"}

// Order is the body of a webhook.
type Order struct {
	Event   string `json:"event"` // always "rollback"
	Run     string `json:"run"`   // as in rest.KeyHeader
	Key     string `json:"key"`
	Service string `json:"service"`
	Title   string `json:"title,omitempty"` // never of a private incident
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
	rest.Sign(req, r.Secret, h.ID, r.Wall(), body)
	for name, former := range formerly {
		req.Header.Set(former, req.Header.Get(name))
	}
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
