package pagerfake

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PagerDuty/go-pagerduty"
)

// event sends one to the service's integration.
func (w *world) event(action, dedup string) (*pagerduty.V2EventResponse, error) {
	e := &pagerduty.V2Event{RoutingKey: w.state.services[0].RoutingKey, Action: action, DedupKey: dedup}
	if action == "trigger" {
		e.Payload = &pagerduty.V2Payload{Summary: "needed on INC-7", Source: "rollcall", Severity: "critical"}
	}
	return w.pd.ManageEventWithContext(w.t.Context(), e)
}

func TestDedupKeyKeepsOneOpenIncident(t *testing.T) {
	w := newWorld(t, nil)
	for range 3 {
		if got, err := w.event("trigger", "INC-7"); err != nil || got.DedupKey != "INC-7" {
			t.Fatalf("trigger: %+v, %v", got, err)
		}
	}
	if n, pages := len(w.Incidents()), len(w.Pages()); n != 1 || pages != 1 {
		t.Errorf("%d incidents and %d pages after three triggers, want one of each", n, pages)
	}
	if _, err := w.event("resolve", "INC-7"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.event("acknowledge", "INC-7"); err != nil { // dropped: nothing is open
		t.Fatal(err)
	}
	if i := w.Incidents()[0]; i.Status != Resolved {
		t.Errorf("status %s, want resolved", i.Status)
	}
	if _, err := w.event("trigger", "INC-7"); err != nil {
		t.Fatal(err)
	}
	if n := len(w.Incidents()); n != 2 {
		t.Errorf("%d incidents after a trigger behind a resolve, want 2", n)
	}
}

func TestEventRefusals(t *testing.T) {
	w := newWorld(t, nil)
	key := strings.Repeat("k", 32)
	payload := &pagerduty.V2Payload{Summary: "s", Source: "x", Severity: "critical"}
	for name, e := range map[string]pagerduty.V2Event{
		"short key":  {RoutingKey: "short", Action: "trigger", Payload: payload},
		"action":     {RoutingKey: key, Action: "open", Payload: payload},
		"no payload": {RoutingKey: key, Action: "trigger"},
		"severity":   {RoutingKey: key, Action: "trigger", Payload: &pagerduty.V2Payload{Summary: "s", Source: "x", Severity: "bad"}},
		"summary":    {RoutingKey: key, Action: "trigger", Payload: &pagerduty.V2Payload{Summary: strings.Repeat("s", 1025), Source: "x", Severity: "info"}},
		"dedup":      {RoutingKey: key, Action: "trigger", Payload: payload, DedupKey: strings.Repeat("d", 256)},
		"no dedup":   {RoutingKey: key, Action: "resolve"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.pd.ManageEventWithContext(t.Context(), &e)
			eventRefused(t, err, http.StatusBadRequest)
		})
	}
	// An unknown key of the right length is accepted: 202 promises nothing.
	if _, err := w.pd.ManageEventWithContext(t.Context(), &pagerduty.V2Event{RoutingKey: key, Action: "trigger", Payload: payload}); err != nil {
		t.Error(err)
	}
	if n := len(w.Incidents()); n != 0 {
		t.Errorf("%d incidents, want none", n)
	}
}

func TestEventRate(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.StrictRates = true })
	for range eventsPerMinute {
		if _, err := w.event("trigger", "INC-7"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.event("trigger", "INC-7")
	eventRefused(t, err, http.StatusTooManyRequests)
	w.clock.Advance(time.Minute)
	if _, err := w.event("trigger", "INC-7"); err != nil {
		t.Error(err)
	}
}
