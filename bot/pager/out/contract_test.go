package pagerout_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	pagerout "github.com/rollcall-bot/rollcall/bot/pager/out"
	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
)

// documented is what PagerDuty's OpenAPI documents say of one operation: of the REST
// API version 2.0.0 and of the Events API v2 (github.com/PagerDuty/api-schema, read in
// November 2026). The documents have no licence, so the facts stand here and not they.
type documented struct {
	from  bool                // the header From is required
	query map[string][]string // parameters, and what they may be; nil for anything
	needs []string            // fields of the body that are required; what stands in a list counts for each entry
	field []string            // further fields of the body
	enum  map[string][]string // what fields of the body may be
	extra []string            // fields that PagerDuty's own library for Go sends beside those of the documents
}

// listed is what every list takes, and more.
func listed(more map[string][]string) map[string][]string {
	all := map[string][]string{"limit": nil, "offset": nil, "total": {"true", "false"}}
	for name, values := range more {
		all[name] = values
	}
	return all
}

var contract = map[string]documented{
	"GET /incidents": {query: listed(map[string][]string{
		"date_range": {"all"}, "incident_key": nil, "service_ids[]": nil, "team_ids[]": nil, "user_ids[]": nil,
		"urgencies[]": {"high", "low"}, "time_zone": nil, "statuses[]": {"triggered", "acknowledged", "resolved"},
		"sort_by": {"created_at:asc", "created_at:desc"}, "since": nil, "until": nil,
	})},
	"POST /incidents": {
		from:  true,
		needs: []string{"incident", "incident.type", "incident.title", "incident.service", "incident.service.id", "incident.service.type"},
		field: []string{
			"incident.urgency", "incident.incident_key", "incident.assignments", "incident.assignments.assignee",
			"incident.assignments.assignee.id", "incident.assignments.assignee.type",
		},
		enum: map[string][]string{
			"incident.type": {"incident"}, "incident.urgency": {"high", "low"}, "incident.service.type": {"service_reference"},
			"incident.assignments.assignee.type": {"user_reference"},
		},
		extra: []string{"incident.priority"}, // as null, which is none
	},
	"PUT /incidents": {
		from: true, query: listed(nil),
		needs: []string{"incidents", "incidents.id", "incidents.type"}, field: []string{"incidents.status", "incidents.resolution"},
		enum: map[string][]string{"incidents.type": {"incident", "incident_reference"}, "incidents.status": {"resolved", "acknowledged", "triggered"}},
	},
	"GET /incidents/{id}":        {},
	"GET /incidents/{id}/notes":  {},
	"POST /incidents/{id}/notes": {from: true, needs: []string{"note", "note.content"}, extra: []string{"note.user", "note.user.summary"}},
	"POST /incidents/{id}/responder_requests": {
		needs: []string{"requester_id", "message", "responder_request_targets"},
		field: []string{
			"responder_request_targets.responder_request_target", "responder_request_targets.responder_request_target.id",
			"responder_request_targets.responder_request_target.type",
		},
		enum: map[string][]string{"responder_request_targets.responder_request_target.type": {"user_reference", "escalation_policy_reference"}},
	},
	"GET /users":         {query: listed(map[string][]string{"query": nil, "team_ids[]": nil})},
	"GET /users/{id}":    {},
	"GET /services/{id}": {},
	"GET /services/{id}/integrations/{integration_id}": {query: map[string][]string{"include[]": {"services", "vendors"}}},
	"GET /oncalls": {query: listed(map[string][]string{
		"include[]": {"escalation_policies", "users", "schedules"}, "user_ids[]": nil, "escalation_policy_ids[]": nil, "schedule_ids[]": nil,
		"since": nil, "until": nil, "earliest": nil, "time_zone": nil,
	})},
	"GET /webhook_subscriptions": {query: listed(map[string][]string{"filter_type": {"account", "service", "team"}, "filter_id": nil})},
	"POST /webhook_subscriptions": {
		needs: []string{
			"webhook_subscription", "webhook_subscription.type", "webhook_subscription.delivery_method",
			"webhook_subscription.delivery_method.type", "webhook_subscription.delivery_method.url", "webhook_subscription.events",
			"webhook_subscription.filter", "webhook_subscription.filter.type",
		},
		enum: map[string][]string{
			"webhook_subscription.type": {"webhook_subscription"}, "webhook_subscription.delivery_method.type": {"http_delivery_method"},
			"webhook_subscription.filter.type": {"account_reference", "service_reference", "team_reference"},
		},
	},
	"POST /webhook_subscriptions/{id}/enable": {},
	"POST /v2/enqueue": { // trigger; of a resolve less is required, which is looked at beside
		needs: []string{"routing_key", "event_action"},
		field: []string{"dedup_key", "client", "payload", "payload.summary", "payload.severity", "payload.source"},
		enum:  map[string][]string{"event_action": {"trigger", "acknowledge", "resolve"}, "payload.severity": {"critical", "warning", "error", "info"}},
	},
}

// ids are the parts of a path that name one thing.
var ids = regexp.MustCompile(`^(/(?:incidents|users|services|webhook_subscriptions)/)[^/]+`)

// parts are those of what a thing has.
var parts = regexp.MustCompile(`^(/services/\{id\}/integrations/)[^/]+`)

// sent is a request that left.
type sent struct {
	operation string
	header    http.Header
	query     url.Values
	body      []byte
}

// recorder is a transport that remembers what it was given.
type recorder struct {
	mu  sync.Mutex
	all []sent
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	one := sent{operation: req.Method + " " + parts.ReplaceAllString(ids.ReplaceAllString(req.URL.Path, "${1}{id}"), "${1}{integration_id}"), header: req.Header.Clone(), query: req.URL.Query()}
	if req.Body != nil {
		var err error
		if one.body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(one.body))
	}
	r.mu.Lock()
	r.all = append(r.all, one)
	r.mu.Unlock()
	return http.DefaultTransport.RoundTrip(req)
}

// flat lists the fields of a body with their values, as "incident.service.id".
func flat(at string, v any, into map[string][]string) {
	switch v := v.(type) {
	case map[string]any:
		for name, one := range v {
			path := strings.TrimPrefix(at+"."+name, ".")
			into[path] = append(into[path], "")
			flat(path, one, into)
		}
	case []any:
		for _, one := range v {
			flat(at, one, into)
		}
	default:
		into[at] = append(slices.DeleteFunc(into[at], func(s string) bool { return s == "" }), fmt.Sprint(v))
	}
}

// breaks are the ways in which a request is not as the documents say.
func (s sent) breaks() (why []string) {
	d, ok := contract[s.operation]
	if !ok {
		return []string{"is not an operation of theirs"}
	}
	events := strings.HasPrefix(s.operation, "POST /v2/")
	header := func(name, begins string) {
		if got := s.header.Get(name); !strings.HasPrefix(got, begins) || begins == "" && got != "" {
			why = append(why, fmt.Sprintf("%s is %q", name, got))
		}
	}
	header("Content-Type", "application/json")
	if events {
		header("Authorization", "") // the key of the REST API is nobody else's business
	} else {
		header("Authorization", "Token token=")
		header("Accept", "application/vnd.pagerduty+json;version=2")
	}
	if from := s.header.Get("From"); d.from && !strings.Contains(from, "@") {
		why = append(why, "it does not say From whom")
	}
	for name, values := range s.query {
		known, ok := d.query[name]
		if !ok {
			why = append(why, "there is no parameter "+name)
		}
		for _, v := range values {
			if known != nil && !slices.Contains(known, v) {
				why = append(why, name+" cannot be "+v)
			}
		}
	}
	return append(why, s.bodyBreaks(d)...)
}

func (s sent) bodyBreaks(d documented) (why []string) {
	fields := map[string][]string{}
	if len(s.body) > 0 {
		var body any
		if err := json.Unmarshal(s.body, &body); err != nil {
			return []string{err.Error()}
		}
		flat("", body, fields)
	}
	for _, name := range d.needs {
		if _, ok := fields[name]; !ok {
			why = append(why, name+" is missing")
		}
	}
	for name, values := range fields {
		if !slices.Contains(slices.Concat(d.needs, d.field, d.extra), name) {
			why = append(why, "there is no field "+name)
		}
		for _, v := range values {
			if known := d.enum[name]; known != nil && !slices.Contains(known, v) {
				why = append(why, name+" cannot be "+v)
			}
		}
	}
	return why
}

// TestEveryRequestIsAsPagerDutyDocuments has the client do all that it can, and holds
// each request that it sent to what PagerDuty's own documents say of it.
func TestEveryRequestIsAsPagerDutyDocuments(t *testing.T) {
	w := newWorld(t)
	w.account.SetAbilities(pagerfake.Coordinated)
	records := &recorder{}
	o := w.options
	o.Transport = records
	client, err := pagerout.New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.client = client
	w.doEverything(w.alarm())
	used := map[string]bool{}
	for _, s := range records.all {
		used[s.operation] = true
		if why := s.breaks(); len(why) > 0 {
			t.Errorf("%s: %s\n%s\n%s", s.operation, strings.Join(why, "; "), s.query.Encode(), s.body)
		}
	}
	for operation := range contract {
		if !used[operation] {
			t.Errorf("%s was not sent", operation)
		}
	}
}

// doEverything calls each method of the client; each has to succeed.
func (w *world) doEverything(alarm string) {
	w.t.Helper()
	ctx, c := w.t.Context(), w.client
	join, again := w.ask("ana@example.org"), w.ask("")
	join.Key, join.Join = "rollcall/0190/P2", []string{alarm}
	again.Again = true
	must := func(what string, err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatalf("%s: %v", what, err)
		}
	}
	for _, p := range []outbound.Page{w.ask("ana@example.org"), w.ask(""), join, again} {
		_, err := c.Page(ctx, p)
		must("page", err)
	}
	_, err := c.Trigger(ctx, w.ask(""))
	must("trigger", err)
	must("end the event", c.ResolveEvent(ctx, "", w.ask("").Key))
	_, err = c.Acknowledge(ctx, alarm, "ana@example.org")
	must("acknowledge", err)
	must("note", c.Note(ctx, alarm, "Rollcall INC-7 E1: ", "decided: wait", false))
	must("note again", c.Note(ctx, alarm, "Rollcall INC-7 E1: ", "decided: wait", true))
	_, err = c.OnCall(ctx, []string{w.service})
	must("on call", err)
	_, err = c.OnCallOf(ctx, "PPOLICY")
	must("on call for a policy", err)
	_, err = c.Contact(ctx, w.ana)
	must("contact", err)
	_, err = c.Alarms(ctx, w.at.Add(-time.Hour))
	must("alarms", err)
	made, err := c.Subscribe(ctx, "https://rollcall.example.org/pagerduty/webhooks", []string{"incident.triggered"})
	must("subscribe", err)
	_, err = c.Subscriptions(ctx)
	must("subscriptions", err)
	must("enable", c.Enable(ctx, made.ID))
	_, err = c.Check(ctx)
	must("check", err)
	_, err = c.Route(ctx, "", w.service)
	must("route", err)
	must("resolve", c.Resolve(ctx, alarm, "Rollcall INC-7: over"))
}
