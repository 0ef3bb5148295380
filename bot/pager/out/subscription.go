package pagerout

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/PagerDuty/go-pagerduty"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// subscription is a webhook subscription as the REST API shows it; the library
// does not know them.
type subscription struct {
	ID       string   `json:"id,omitempty"`
	Type     string   `json:"type"`
	Events   []string `json:"events"`
	Delivery struct {
		Type     string `json:"type"`
		URL      string `json:"url"`
		Disabled bool   `json:"temporarily_disabled,omitempty"`
		Secret   string `json:"secret,omitempty"`
	} `json:"delivery_method"`
	Filter struct {
		Type string `json:"type"`
		ID   string `json:"id,omitempty"`
	} `json:"filter"`
}

func (s subscription) shown() outbound.Subscription {
	return outbound.Subscription{ID: s.ID, URL: s.Delivery.URL, Events: s.Events, Disabled: s.Delivery.Disabled, Secret: s.Delivery.Secret}
}

// Subscriptions lists the account's webhook subscriptions.
func (c *Client) Subscriptions(ctx context.Context) ([]outbound.Subscription, error) {
	var all []outbound.Subscription
	for page := range maxPages {
		var list struct {
			Subscriptions []subscription `json:"webhook_subscriptions"`
			More          bool           `json:"more"`
		}
		err := c.read(ctx, "GET /webhook_subscriptions", func(ctx context.Context) error {
			path := "/webhook_subscriptions?limit=" + strconv.Itoa(pageSize) + "&offset=" + strconv.Itoa(page*pageSize)
			return c.raw(ctx, http.MethodGet, path, nil, &list)
		})
		if err != nil {
			return nil, err
		}
		for _, s := range list.Subscriptions {
			all = append(all, s.shown())
		}
		if !list.More {
			break
		}
	}
	return all, nil
}

// Subscribe makes a webhook subscription for the incidents of the whole account.
// The answer is the only one that ever holds its secret; a repeat makes another.
func (c *Client) Subscribe(ctx context.Context, address string, events []string) (outbound.Subscription, error) {
	var s subscription
	s.Type, s.Events = "webhook_subscription", events
	s.Delivery.Type, s.Delivery.URL = "http_delivery_method", address
	s.Filter.Type = "account_reference"
	var made struct {
		Subscription subscription `json:"webhook_subscription"`
	}
	err := c.call(ctx, "POST /webhook_subscriptions", func(ctx context.Context) error {
		return c.raw(ctx, http.MethodPost, "/webhook_subscriptions", map[string]any{"webhook_subscription": s}, &made)
	})
	return made.Subscription.shown(), err
}

// Enable turns a subscription on again that PagerDuty has turned off. What it
// dropped meanwhile stays lost; Alarms finds it.
func (c *Client) Enable(ctx context.Context, id string) error {
	return c.call(ctx, "POST /webhook_subscriptions/{id}/enable", func(ctx context.Context) error {
		return c.raw(ctx, http.MethodPost, "/webhook_subscriptions/"+id+"/enable", nil, nil)
	})
}

// raw calls what the library has no method for, by the library's own client.
func (c *Client) raw(ctx context.Context, method, path string, body, into any) error {
	var payload bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&payload).Encode(body); err != nil {
			return fmt.Errorf("encode a request: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.opts.APIURL+path, &payload)
	if err != nil {
		return err
	}
	resp, err := c.api.Do(req, true)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return pagerduty.APIError{StatusCode: resp.StatusCode}
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(into)
}
