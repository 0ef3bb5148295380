package pagerfake

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// Options say what the account is like. Whatever is empty gets a value that works.
type Options struct {
	// Now is the clock of the account; required.
	Now       func() time.Time
	Token     string   // of the REST API
	Abilities []string // nil for DefaultAbilities
	// StrictRates answers 429 above PagerDuty's rates.
	StrictRates bool
	// ManualWebhooks leaves webhooks in their queues until Pump is called.
	ManualWebhooks bool
	// Client sends webhooks; nil for the default one.
	Client *http.Client
	Seed   int64 // of faults with a probability and of shuffled webhooks
}

// DefaultAbilities are those of an account whose plan has everything that Rollcall can use.
var DefaultAbilities = []string{"coordinated_responding", "response_operations", "stakeholder_communications", "teams", "urgencies"}

// Coordinated is the ability that responder requests need (PagerDuty's OpenAPI document, createIncidentResponderRequest).
const Coordinated = "coordinated_responding"

// obj is a JSON object.
type obj = map[string]any

// Account is one PagerDuty account. It is safe for concurrent use.
type Account struct {
	opts   Options
	faults *standin.Faults[Call]
	ledger ledger

	mu    sync.Mutex // guards all of state
	state state

	sending    sync.Mutex // one webhook at a time, so that they stay in order
	background deliveries
}

// state is everything that the account keeps.
type state struct {
	base      string
	abilities []string
	people    []*User
	services  []*Service
	incidents []*Incident
	pages     []Page
	hooks     []*Subscription
	counters  map[string]int
}

// User is a person of the account.
type User struct {
	ID, Name, Email, TimeZone, Phone string
}

// Service is a service with its own escalation policy and integration.
type Service struct {
	ID, Name string
	// PolicyID and PolicyName name the escalation policy; made up when empty.
	PolicyID, PolicyName string
	// RoutingKey is the key of its Events API v2 integration: 32 characters; made up when empty.
	RoutingKey string
	// KeyHidden keeps RoutingKey out of what the REST API answers, as for an API key that may not read it.
	KeyHidden bool
	// OnCall are ids of people by escalation level: OnCall[0] is paged first.
	OnCall []string
	// Deleted services are unknown to the API, as those deleted by hand are.
	Deleted bool
}

// New makes an account without people or services.
func New(o Options) *Account {
	if o.Token == "" {
		o.Token = "pd-token-test"
	}
	if o.Abilities == nil {
		o.Abilities = DefaultAbilities
	}
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	a := &Account{opts: o, state: state{abilities: slices.Clone(o.Abilities), counters: map[string]int{}}}
	a.faults = standin.NewFaults[Call](o.Seed)
	return a
}

// Token is what the client has to be configured with.
func (a *Account) Token() string { return a.opts.Token }

// SetAbilities replaces what the account's plan includes.
func (a *Account) SetAbilities(abilities ...string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state.abilities = slices.Clone(abilities)
}

// AddUser adds a person and returns their id.
func (a *Account) AddUser(u User) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	u.ID = cmp.Or(u.ID, a.state.nextID("PU"))
	u.TimeZone = cmp.Or(u.TimeZone, "Etc/UTC")
	a.state.people = append(a.state.people, &u)
	return u.ID
}

// AddService adds a service and returns its id.
func (a *Account) AddService(s Service) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	s.ID = cmp.Or(s.ID, a.state.nextID("PS"))
	s.PolicyID = cmp.Or(s.PolicyID, a.state.nextID("PE"))
	s.PolicyName = cmp.Or(s.PolicyName, s.Name+" policy")
	s.RoutingKey = cmp.Or(s.RoutingKey, strings.Repeat("0", max(0, 32-len(s.ID)))+strings.ToLower(s.ID))
	a.state.services = append(a.state.services, &s)
	return s.ID
}

// ChangeService changes a service, such as who is on call.
func (a *Account) ChangeService(id string, change func(*Service)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.state.services {
		if s.ID == id {
			change(s)
			s.ID = id
		}
	}
}

// Start serves the account on a free port of the loopback interface until ctx ends. The address is that of the REST API
// (PAGERDUTY_API_URL) and of the Events API (PAGERDUTY_EVENTS_URL).
func (a *Account) Start(ctx context.Context) (baseURL string, err error) {
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen for the stand-in of pagerduty: %w", err)
	}
	a.mu.Lock()
	a.state.base = "http://" + l.Addr().String()
	a.mu.Unlock()
	server := &http.Server{Handler: a, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	go func() { _ = server.Serve(l) }()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return "http://" + l.Addr().String(), nil
}

// ServeHTTP answers what a client asks PagerDuty.
func (a *Account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	if a.state.base == "" {
		a.state.base = "http://" + r.Host
	}
	a.mu.Unlock()
	if r.URL.Path == "/v2/enqueue" {
		a.serve(w, r, "POST /v2/enqueue", eventsEnqueue)
		return
	}
	name, run, params := match(r.Method, r.URL.Path)
	for key, value := range params {
		r.SetPathValue(key, value)
	}
	a.serve(w, r, name, run)
}

// now is the account's time.
func (a *Account) now() time.Time { return a.opts.Now().UTC() }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// nextID counts up: PI0001, then PI0002.
func (s *state) nextID(prefix string) string {
	s.counters[prefix]++
	return fmt.Sprintf("%s%04d", prefix, s.counters[prefix])
}

func (s *state) user(id string) *User {
	for _, u := range s.people {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (s *state) service(id string) *Service {
	for _, v := range s.services {
		if v.ID == id && !v.Deleted {
			return v
		}
	}
	return nil
}

func (s *state) policy(id string) *Service {
	for _, v := range s.services {
		if v.PolicyID == id && !v.Deleted {
			return v
		}
	}
	return nil
}

// encode marshals what is made of maps, strings and numbers only.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte("null")
	}
	return b
}
