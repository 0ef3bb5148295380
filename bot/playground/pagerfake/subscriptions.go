package pagerfake

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// disabledFor is how long a subscription stays off after three dropped webhooks (PagerDuty on webhook behaviour).
const disabledFor = 24 * time.Hour

// Subscription is a V3 webhook subscription.
type Subscription struct {
	ID, URL, Secret string
	Events          []string
	FilterType      string // account_reference, service_reference or team_reference
	FilterID        string
	DisabledUntil   time.Time // zero when it is on
	drops           int       // in a row
	queue           []*Delivery
	log             []*Delivery
}

// Subscribe adds a subscription of the whole account, as the API does, and returns its id and its signing secret. Without
// events it is for all of them, which the API would not take.
func (a *Account) Subscribe(target string, events ...string) (id, secret string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.subscribe(target, "account_reference", "", events)
	return s.ID, s.Secret
}

// Redirect sends the webhooks of a subscription somewhere else from now on, as an operator does who moves a server.
func (a *Account) Redirect(id, target string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.state.subscription(id); s != nil {
		s.URL = target
	}
}

func (a *Account) subscribe(target, filterType, filterID string, events []string) *Subscription {
	id := a.state.nextID("PW")
	sum := sha256.Sum256([]byte("webhook secret of " + id))
	s := &Subscription{
		ID: id, URL: target, Secret: base64.StdEncoding.EncodeToString(sum[:24]), Events: slices.Clone(events),
		FilterType: filterType, FilterID: filterID,
	}
	a.state.hooks = append(a.state.hooks, s)
	return s
}

func (s *state) subscription(id string) *Subscription {
	for _, h := range s.hooks {
		if h.ID == id {
			return h
		}
	}
	return nil
}

// off says whether the subscription is disabled at a time.
func (s *Subscription) off(at time.Time) bool { return at.Before(s.DisabledUntil) }

// object is a subscription as the API shows it; the secret only when it is made.
func (s *Subscription) object(at time.Time, withSecret bool) obj {
	method := obj{"type": "http_delivery_method", "url": s.URL, "temporarily_disabled": s.off(at), "custom_headers": []obj{}}
	if withSecret {
		method["secret"] = s.Secret
	}
	filter := obj{"type": s.FilterType}
	if s.FilterID != "" {
		filter["id"] = s.FilterID
	}
	return obj{
		"id": s.ID, "type": "webhook_subscription", "active": true, "delivery_method": method, "events": s.Events, "filter": filter,
	}
}

func subscriptionsList(c *call) (int, obj, error) {
	all := []obj{}
	for _, s := range c.state.hooks {
		all = append(all, s.object(c.at, false))
	}
	return page(c, "webhook_subscriptions", all)
}

func subscriptionsCreate(c *call) (int, obj, error) {
	var body struct {
		Subscription *struct {
			Method struct {
				Type string `json:"type"`
				URL  string `json:"url"`
			} `json:"delivery_method"`
			Events []string `json:"events"`
			Filter ref      `json:"filter"`
		} `json:"webhook_subscription"`
	}
	if err := c.decode(&body); err != nil {
		return 0, nil, err
	}
	if body.Subscription == nil {
		return 0, nil, invalid("Webhook subscription cannot be empty.")
	}
	in := *body.Subscription
	u, err := url.Parse(in.Method.URL)
	switch {
	case in.Method.Type != "http_delivery_method" || err != nil || u.Host == "":
		return 0, nil, invalid("Delivery method must be an http_delivery_method with a url.")
	case len(in.Events) == 0:
		return 0, nil, invalid("Events cannot be empty.")
	case in.Filter.Type == "service_reference" && c.state.service(in.Filter.ID) == nil:
		return 0, nil, invalid("Filter service not found.")
	case in.Filter.Type != "account_reference" && in.Filter.ID == "":
		return 0, nil, invalid("Filter must be an account_reference, or a service_reference or team_reference with an id.")
	}
	s := c.subscribe(in.Method.URL, in.Filter.Type, in.Filter.ID, in.Events)
	return http.StatusOK, obj{"webhook_subscription": s.object(c.at, true)}, nil
}

// found is the subscription of a request.
func (c *call) found() (*Subscription, error) {
	if s := c.state.subscription(c.r.PathValue("id")); s != nil {
		return s, nil
	}
	return nil, errNotFound
}

func subscriptionsGet(c *call) (int, obj, error) {
	s, err := c.found()
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, obj{"webhook_subscription": s.object(c.at, false)}, nil
}

func subscriptionsDelete(c *call) (int, obj, error) {
	s, err := c.found()
	if err != nil {
		return 0, nil, err
	}
	c.state.hooks = slices.DeleteFunc(c.state.hooks, func(o *Subscription) bool { return o == s })
	return http.StatusNoContent, nil, nil
}

// subscriptionsEnable turns a disabled subscription on again. What was dropped meanwhile stays lost.
func subscriptionsEnable(c *call) (int, obj, error) {
	s, err := c.found()
	if err != nil {
		return 0, nil, err
	}
	s.DisabledUntil, s.drops = time.Time{}, 0
	return http.StatusOK, obj{"webhook_subscription": s.object(c.at, false)}, nil
}

// subscriptionsPing sends a pagey.ping.
func subscriptionsPing(c *call) (int, obj, error) {
	s, err := c.found()
	if err != nil {
		return 0, nil, err
	}
	c.state.counters["event"]++
	c.enqueue(s, "pagey.ping", "pagey", "ping", nil, obj{"type": "ping", "message": "Hello from your friend Pagey!"})
	return http.StatusAccepted, obj{}, nil
}
