package pagerfake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// How webhooks are delivered (PagerDuty on webhook behaviour): an answer within 5 s, retries for up to 48 h after timeouts,
// 429 and 5xx, none after another 4xx; three dropped in a row disable the subscription. The delays between retries are not
// published; these are ours.
const (
	answerWithin = 5 * time.Second
	retryFor     = 48 * time.Hour
	dropsToOff   = 3
	firstRetry   = 15 * time.Second
	lastRetry    = time.Hour
	// largest is what PagerDuty drops a webhook above.
	largest = 256 << 10
)

// The states of a delivery.
const (
	Waiting   = "waiting"
	Delivered = "delivered"
	Dropped   = "dropped"
)

// Delivery is one webhook, on its way or done.
type Delivery struct {
	WebhookID      string // X-Webhook-Id, the same for every attempt
	EventID        string
	EventType      string
	Resource       string // what it is about: later ones about the same wait for it
	SubscriptionID string
	Body           []byte
	State          string
	Attempts       int
	Status         int // of the last attempt; 0 for none
	Created, Next  time.Time
}

// emit tells every subscription what happened to an incident. data is nil for the incident itself.
func (a *Account) emit(kind string, i *Incident, by *User, data obj) {
	if data == nil {
		data = a.webhookIncident(i)
	}
	var agent obj
	if by != nil {
		agent = a.userRef(by)
	}
	a.state.counters["event"]++
	for _, s := range a.state.hooks {
		wanted := len(s.Events) == 0 || slices.Contains(s.Events, kind)
		filtered := s.FilterType == "service_reference" && s.FilterID != i.ServiceID
		if wanted && !filtered && !s.off(a.now()) {
			a.enqueue(s, kind, "incident", i.ID, agent, data)
		}
	}
}

// webhookIncident is an incident in the words of a webhook, which differ from the REST API's.
func (a *Account) webhookIncident(i *Incident) obj {
	out := a.reference("incident", "incidents", i.ID, i.Title)
	assignees := []obj{}
	for _, id := range i.Assignees {
		if u := a.state.user(id); u != nil {
			assignees = append(assignees, a.userRef(u))
		}
	}
	out["type"], out["number"], out["status"], out["title"], out["urgency"] = "incident", i.Number, i.Status, i.Title, i.Urgency
	out["incident_key"], out["created_at"], out["assignees"], out["teams"] = i.Key, stamp(i.Created), assignees, []obj{}
	out["priority"], out["resolve_reason"], out["conference_bridge"] = nil, nil, nil
	if i.ConfURL != "" {
		out["conference_bridge"] = obj{"conference_number": nil, "conference_url": i.ConfURL}
	}
	if s := a.state.serviceEver(i.ServiceID); s != nil {
		out["service"], out["escalation_policy"] = a.serviceRef(s), a.policyRef(s)
	}
	return out
}

// enqueue puts a webhook in a subscription's queue.
func (a *Account) enqueue(s *Subscription, kind, resourceType, resource string, agent, data obj) {
	at := a.now()
	eventID := fmt.Sprintf("01EVENT%019d", a.state.counters["event"])
	envelope := obj{"event": obj{
		"id": eventID, "event_type": kind, "resource_type": resourceType,
		"occurred_at": at.Format("2006-01-02T15:04:05.000Z"), "agent": agent, "client": nil, "data": data,
	}}
	d := &Delivery{
		WebhookID: a.state.nextID("webhook-"), EventID: eventID, EventType: kind, Resource: resource, SubscriptionID: s.ID,
		Body: encode(envelope), State: Waiting, Created: at, Next: at,
	}
	if len(d.Body) > largest {
		d.State = Dropped
	} else {
		s.queue = append(s.queue, d)
	}
	s.log = append(s.log, d)
}

// Deliveries returns all webhooks ever made, by subscription and in order.
func (a *Account) Deliveries() []Delivery {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []Delivery
	for _, s := range a.state.hooks {
		for _, d := range s.log {
			out = append(out, *d)
		}
	}
	return out
}

// flush delivers what has been queued, in the background. It is called without the lock.
func (a *Account) flush() {
	if a.opts.ManualWebhooks {
		return
	}
	a.background.Go(func() { a.Pump(context.Background()) })
}

// deliveries counts what is under way. Others may begin while somebody waits, which a sync.WaitGroup does not allow.
type deliveries struct {
	mu   sync.Mutex
	n    int
	none chan struct{} // closed when n is back at 0; nil while nobody waits
}

// Go runs one in the background.
func (d *deliveries) Go(run func()) {
	d.mu.Lock()
	d.n++
	d.mu.Unlock()
	go func() {
		defer d.end()
		run()
	}()
}

func (d *deliveries) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.n--; d.n == 0 && d.none != nil {
		close(d.none)
		d.none = nil
	}
}

// Wait returns when none was under way.
func (d *deliveries) Wait() {
	d.mu.Lock()
	if d.n == 0 {
		d.mu.Unlock()
		return
	}
	if d.none == nil {
		d.none = make(chan struct{})
	}
	none := d.none
	d.mu.Unlock()
	<-none
}

// Wait waits for deliveries in the background.
func (a *Account) Wait() { a.background.Wait() }

// Pump attempts every webhook that is due on the account's clock, in order for each resource, and returns how many were
// attempted. After moving the clock it makes the retries happen.
func (a *Account) Pump(ctx context.Context) int {
	a.sending.Lock()
	defer a.sending.Unlock()
	n := 0
	for {
		s, d := a.due()
		if d == nil || ctx.Err() != nil {
			return n
		}
		a.attempt(ctx, s, d)
		n++
	}
}

// due finds the next webhook to attempt: the first of its resource.
func (a *Account) due() (*Subscription, *Delivery) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.state.hooks {
		ahead := map[string]bool{}
		for _, d := range s.queue {
			if !ahead[d.Resource] && !d.Next.After(a.now()) {
				return s, d
			}
			ahead[d.Resource] = true
		}
	}
	return nil, nil
}

// attempt sends a webhook once and draws the conclusion.
func (a *Account) attempt(ctx context.Context, s *Subscription, d *Delivery) {
	status := a.post(ctx, s, d)
	a.mu.Lock()
	defer a.mu.Unlock()
	d.Attempts++
	d.Status = status
	switch {
	case status >= 200 && status < 300:
		d.State, s.drops = Delivered, 0
	case (status == 0 || status == http.StatusTooManyRequests || status >= 500) && a.now().Sub(d.Created) < retryFor:
		d.Next = a.now().Add(min(firstRetry<<min(d.Attempts-1, 10), lastRetry))
		return
	default:
		d.State = Dropped
		s.drops++
	}
	s.queue = slices.DeleteFunc(s.queue, func(o *Delivery) bool { return o == d })
	if s.drops >= dropsToOff {
		for _, o := range s.queue {
			o.State = Dropped
		}
		s.queue, s.DisabledUntil = nil, a.now().Add(disabledFor)
	}
}

// post sends a webhook; 0 for no answer.
func (a *Account) post(ctx context.Context, s *Subscription, d *Delivery) int {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(d.Body))
	if err != nil {
		return 0
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "PagerDuty-Webhook/V3.0")
	r.Header.Set("X-Webhook-Id", d.WebhookID)
	r.Header.Set("X-Webhook-Subscription", s.ID)
	r.Header.Set("X-PagerDuty-Signature", Sign(d.Body, s.Secret))
	resp, err := a.opts.Client.Do(r)
	if err != nil {
		return 0
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// Sign is the value of X-PagerDuty-Signature: one v1 signature a secret, as while rotating.
func Sign(body []byte, secrets ...string) string {
	var all []string
	for _, s := range secrets {
		mac := hmac.New(sha256.New, []byte(s))
		mac.Write(body)
		all = append(all, "v1="+hex.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(all, ",")
}

// Resend sends webhooks again that were made before, whatever became of them, in the order given, and returns the statuses.
func (a *Account) Resend(ctx context.Context, webhookIDs ...string) []int {
	a.sending.Lock()
	defer a.sending.Unlock()
	var out []int
	for _, id := range webhookIDs {
		s, d := a.logged(id)
		if d == nil {
			out = append(out, 0)
			continue
		}
		out = append(out, a.post(ctx, s, d))
	}
	return out
}

// ResendShuffled sends all webhooks ever made again, each as often as given, in an order drawn from the seed.
func (a *Account) ResendShuffled(ctx context.Context, each int) []int {
	var ids []string
	for _, d := range a.Deliveries() {
		ids = append(ids, slices.Repeat([]string{d.WebhookID}, each)...)
	}
	random := rand.New(rand.NewSource(a.opts.Seed))
	random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return a.Resend(ctx, ids...)
}

func (a *Account) logged(webhookID string) (*Subscription, *Delivery) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.state.hooks {
		for _, d := range s.log {
			if d.WebhookID == webhookID {
				return s, d
			}
		}
	}
	return nil, nil
}
