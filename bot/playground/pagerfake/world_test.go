package pagerfake

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/PagerDuty/go-pagerduty"
	"github.com/PagerDuty/go-pagerduty/webhookv3"

	"github.com/rollcall-bot/rollcall/bot/clock"
)

var start = time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC)

// world is an account with two people and one service, and the official client.
type world struct {
	*Account
	t         *testing.T
	clock     *clock.Movable
	pd        *pagerduty.Client
	url       string
	bea, carl string
	checkout  string
}

const beaMail = "bea@example.org"

func newWorld(t *testing.T, change func(*Options)) *world {
	t.Helper()
	c := clock.Frozen(start)
	o := Options{Now: c.Now}
	if change != nil {
		change(&o)
	}
	w := &world{Account: New(o), t: t, clock: c}
	w.bea = w.AddUser(User{Name: "Bea", Email: beaMail, Phone: "5550100"})
	w.carl = w.AddUser(User{Name: "Carl", Email: "carl@example.org"})
	w.checkout = w.AddService(Service{Name: "Checkout", OnCall: []string{w.bea, w.carl}})
	url, err := w.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.url = url
	transport := &http.Transport{DisableKeepAlives: true} // Go itself repeats a GET on a kept connection that was reset
	w.pd = pagerduty.NewClient(w.Token(), pagerduty.WithAPIEndpoint(url), pagerduty.WithV2EventsAPIEndpoint(url))
	w.pd.HTTPClient = &http.Client{Transport: transport, Timeout: 5 * time.Second}
	t.Cleanup(w.Wait)
	return w
}

// create opens an incident through the API.
func (w *world) create(key string) (*pagerduty.Incident, error) {
	return w.pd.CreateIncidentWithContext(w.t.Context(), beaMail, &pagerduty.CreateIncidentOptions{
		Title: "Checkout is down", Service: &pagerduty.APIReference{ID: w.checkout, Type: "service_reference"}, IncidentKey: key,
	})
}

func (w *world) mustCreate(key string) *pagerduty.Incident {
	w.t.Helper()
	i, err := w.create(key)
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

// refused checks the status and the code of a refusal.
func refused(t *testing.T, err error, status, code int) {
	t.Helper()
	var e pagerduty.APIError
	if !errors.As(err, &e) || e.StatusCode != status || e.APIError.ErrorObject.Code != code {
		t.Errorf("err = %v, want status %d with code %d", err, status, code)
	}
}

// eventRefused checks the status of a refusal by the Events API.
func eventRefused(t *testing.T, err error, status int) {
	t.Helper()
	var e pagerduty.APIError
	if !errors.As(err, &e) || e.StatusCode != status {
		t.Errorf("err = %v, want status %d", err, status)
	}
}

// receiver takes webhooks and answers with the status it was told.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	secret string
	status int
	got    []string // webhook ids
	forged int
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: http.StatusAccepted}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if err := webhookv3.VerifySignature(req, r.secret); err != nil {
			r.forged++
		}
		_, _ = io.Copy(io.Discard, req.Body)
		r.got = append(r.got, req.Header.Get("X-Webhook-Id"))
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

func (r *receiver) ids() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}
