package pagerfake

import (
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// PagerDuty's rates (its documents on REST rate limits and on the limits of the Events API).
const (
	restPerMinute   = 960 // of one key
	eventsPerMinute = 120 // of one integration key
)

// Call is one request, in the order of arrival.
type Call struct {
	Seq    int
	Name   string // the operation: "POST /incidents", "PUT /incidents/{id}", "POST /v2/enqueue"
	Path   string
	Query  string
	From   string // the header
	Body   string
	At     time.Time // on the account's clock
	Status int       // HTTP; 0 when the client got none
	Done   bool      // carried out, whatever the client was told
	Error  string
	Fault  FaultKind // that befell it
}

// ledger remembers every request, and how many there were within a minute.
type ledger struct {
	standin.Ledger[Call]
	mu      sync.Mutex // of what follows
	windows map[string][]time.Time
}

func (l *ledger) add(c Call) { l.Add(func(seq int) Call { c.Seq = seq; return c }) }

// rateKey is what a rate is counted by.
func rateKey(events bool, body []byte) string {
	if !events {
		return "rest"
	}
	var in struct {
		RoutingKey string `json:"routing_key"`
	}
	_ = json.Unmarshal(body, &in) // an unreadable event counts too
	return in.RoutingKey
}

// limit counts a request within a sliding minute. left is below 0 when it is one too many; reset is in seconds.
func (l *ledger) limit(key string, events bool, at time.Time) (left, reset int) {
	most := restPerMinute
	if events {
		most = eventsPerMinute
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.windows == nil {
		l.windows = map[string][]time.Time{}
	}
	recent := slices.DeleteFunc(l.windows[key], func(t time.Time) bool { return at.Sub(t) >= time.Minute })
	reset = 60
	if len(recent) > 0 {
		reset = int((time.Minute - at.Sub(recent[0]) + time.Second - 1) / time.Second)
	}
	if len(recent) < most {
		recent = append(recent, at)
		left = most - len(recent)
	} else {
		left = -1
	}
	l.windows[key] = recent
	return left, reset
}

// Calls returns the requests in order: of one operation, or all of them for "".
func (a *Account) Calls(name string) []Call {
	return a.ledger.Calls(func(c Call) bool { return name == "" || c.Name == name })
}

// Done counts the requests of an operation that were carried out, whatever the client was told.
func (a *Account) Done(name string) int {
	return a.ledger.Count(func(c Call) bool { return c.Done && (name == "" || c.Name == name) })
}
