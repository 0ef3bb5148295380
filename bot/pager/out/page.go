package pagerout

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/PagerDuty/go-pagerduty"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	// maxTitle is the longest title of an incident and summary of an event, in characters.
	maxTitle = 1024
	// lookBack is how far before the page was asked for its incident may seem to have
	// been made: clocks differ.
	lookBack = time.Hour
)

// Page wakes a person or a service's on-call up by the REST API: with a responder
// request where an incident is open there and the plan has them, else with an
// incident of its own.
//
// The incident's key makes a repeat safe: PagerDuty refuses a second open incident
// of a service with the same key, and one that was closed meanwhile is found by it.
// A responder request is found by its marker. An end that is not Unclear says for
// certain that this way did not page.
func (c *Client) Page(ctx context.Context, p outbound.Page) (outbound.Paged, error) {
	if !c.Rest() {
		return outbound.Paged{}, &outbound.Failure{
			End: outbound.Refused, Step: "POST /incidents", Code: codeNotMade,
			Fix: "Set PAGERDUTY_API_TOKEN, PAGERDUTY_FROM and PAGERDUTY_SERVICE_ID.",
		}
	}
	if p.Again {
		paged, found, err := c.lookUp(ctx, p)
		switch {
		case err != nil:
			return outbound.Paged{}, doubtful(err)
		case found:
			return paged, nil
		case p.Last:
			return outbound.Paged{}, &outbound.Failure{End: outbound.NotDone, Step: "POST /incidents", Code: codeAbsent}
		}
	}
	var who pagerduty.User
	if p.Email != "" {
		var err error
		if who, err = c.user(ctx, p.Email); err != nil {
			return outbound.Paged{}, err
		}
		if len(p.Join) > 0 && !c.solo.Load() {
			paged, err := c.request(ctx, p, who.ID)
			if _, refused := outbound.Refusal(err); !refused {
				return paged, err
			}
		}
	}
	return c.create(ctx, p, who.ID)
}

// user finds a person of the account by e-mail address.
func (c *Client) user(ctx context.Context, email string) (pagerduty.User, error) {
	var found *pagerduty.ListUsersResponse
	err := c.read(ctx, "GET /users", func(ctx context.Context) (err error) {
		found, err = c.api.ListUsersWithContext(ctx, pagerduty.ListUsersOptions{Query: email, Limit: 100})
		return err
	})
	if err != nil {
		return pagerduty.User{}, err
	}
	for _, u := range found.Users {
		if strings.EqualFold(u.Email, email) {
			return u, nil
		}
	}
	return pagerduty.User{}, &outbound.Failure{
		End: outbound.Refused, Step: "GET /users", Code: codeNoUser,
		Fix: "Give the person a PagerDuty user with the e-mail address that they have in Slack.",
	}
}

// create makes an incident for the page.
func (c *Client) create(ctx context.Context, p outbound.Page, user string) (outbound.Paged, error) {
	o := &pagerduty.CreateIncidentOptions{
		Title: short(p.Text), Urgency: "high", IncidentKey: p.Key,
		Service: &pagerduty.APIReference{ID: c.service(p), Type: "service_reference"},
	}
	if user != "" {
		o.Assignments = []pagerduty.Assignee{{Assignee: pagerduty.APIObject{ID: user, Type: "user_reference"}}}
	}
	var made *pagerduty.Incident
	err := c.call(ctx, "POST /incidents", func(ctx context.Context) (err error) {
		made, err = c.api.CreateIncidentWithContext(ctx, c.opts.From, o)
		return err
	})
	if refusedAs(err, http.StatusBadRequest) {
		// One with this key may be open already: an attempt of ours that was thought lost.
		paged, found, lookErr := c.byKey(ctx, p)
		if lookErr != nil {
			return outbound.Paged{}, doubtful(lookErr)
		}
		if found {
			return paged, nil
		}
	}
	if err != nil {
		return outbound.Paged{}, err
	}
	return outbound.Paged{Way: outbound.ByIncident, Ref: made.ID}, nil
}

// request asks a person to join an incident that is open. Asking twice pages
// twice, so whoever repeats looks first.
func (c *Client) request(ctx context.Context, p outbound.Page, user string) (outbound.Paged, error) {
	from, err := c.user(ctx, c.opts.From)
	if err != nil {
		return outbound.Paged{}, err
	}
	err = c.call(ctx, "POST /incidents/{id}/responder_requests", func(ctx context.Context) error {
		_, err := c.api.ResponderRequestWithContext(ctx, p.Join[0], pagerduty.ResponderRequestOptions{
			From: c.opts.From, RequesterID: from.ID, Message: marked(p),
			Targets: []pagerduty.ResponderRequestTargetWrapper{{
				Target: pagerduty.ResponderRequestTarget{APIObject: pagerduty.APIObject{ID: user, Type: "user_reference"}},
			}},
		})
		return err
	})
	if refusedAs(err, http.StatusPaymentRequired) {
		c.solo.Store(true)
	}
	if err != nil {
		return outbound.Paged{}, err
	}
	return outbound.Paged{Way: outbound.ByResponder, Ref: p.Join[0]}, nil
}

// lookUp finds a page whose reply was lost.
func (c *Client) lookUp(ctx context.Context, p outbound.Page) (outbound.Paged, bool, error) {
	if p.Email != "" {
		for _, id := range p.Join[:min(1, len(p.Join))] {
			asked, err := c.asked(ctx, id, p.Marker)
			if err != nil || asked {
				return outbound.Paged{Way: outbound.ByResponder, Ref: id}, asked, err
			}
		}
	}
	return c.byKey(ctx, p)
}

// asked says whether somebody was asked to join an incident with this marker.
func (c *Client) asked(ctx context.Context, id, marker string) (bool, error) {
	i, err := c.incident(ctx, id)
	if refusedAs(err, http.StatusNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(i.IncidentResponders, func(r pagerduty.IncidentResponders) bool { return strings.Contains(r.Message, marker) }) ||
		slices.ContainsFunc(i.ResponderRequests, func(r pagerduty.ResponderRequest) bool { return strings.Contains(r.Message, marker) }), nil
}

// byKey finds the page's own incident, whatever has become of it.
func (c *Client) byKey(ctx context.Context, p outbound.Page) (outbound.Paged, bool, error) {
	var list *pagerduty.ListIncidentsResponse
	err := c.read(ctx, "GET /incidents", func(ctx context.Context) (err error) {
		list, err = c.api.ListIncidentsWithContext(ctx, pagerduty.ListIncidentsOptions{
			IncidentKey: p.Key, ServiceIDs: []string{c.service(p)}, Limit: 1,
			Since: p.Since.Add(-lookBack).UTC().Format(time.RFC3339),
			Until: p.Since.AddDate(0, 1, 0).UTC().Format(time.RFC3339),
		})
		return err
	})
	if err != nil || len(list.Incidents) == 0 {
		return outbound.Paged{}, false, err
	}
	return outbound.Paged{Way: outbound.ByIncident, Ref: list.Incidents[0].ID}, true, nil
}

// Trigger pages the on-call of the integration's service by the Events API: of the
// service's own integration, where it has one. The
// event's key makes a repeat safe while the alert is open.
func (c *Client) Trigger(ctx context.Context, p outbound.Page) (outbound.Paged, error) {
	if c.integration(p.Of) == "" {
		return outbound.Paged{}, &outbound.Failure{
			End: outbound.Refused, Step: "POST /v2/enqueue", Code: codeNotMade,
			Fix: "Set PAGERDUTY_ROUTING_KEY, so that there is a second way.",
		}
	}
	err := c.event(ctx, &pagerduty.V2Event{
		RoutingKey: c.integration(p.Of), Action: "trigger", DedupKey: p.Key, Client: "Rollcall",
		Payload: &pagerduty.V2Payload{Summary: short(p.Text), Source: "rollcall", Severity: "critical"},
	})
	if err != nil {
		return outbound.Paged{}, err
	}
	return outbound.Paged{Way: outbound.ByEvent, Ref: p.Key, Own: p.Of != "" && c.opts.RoutingKeys[p.Of] != ""}, nil
}

func (c *Client) event(ctx context.Context, e *pagerduty.V2Event) error {
	err := c.through(ctx, c.events, eventsLimit, "POST /v2/enqueue", func(ctx context.Context) error {
		_, err := c.api.ManageEventWithContext(ctx, e)
		return err
	})
	if f, refused := outbound.Refusal(err); refused {
		f.Fix = "PagerDuty does not take the event: look at PAGERDUTY_ROUTING_KEY and at routing_key of the services, which have 32 characters."
	}
	return err
}

func (c *Client) service(p outbound.Page) string {
	if p.Service != "" {
		return p.Service
	}
	return c.opts.Service
}

// marked is the text with the page's marker, which a look can find.
func marked(p outbound.Page) string {
	text := []rune(p.Text)
	if room := maxTitle - len([]rune(p.Marker)) - 3; len(text) > room {
		text = append(text[:room-1], '…')
	}
	return string(text) + " [" + p.Marker + "]"
}

func short(text string) string {
	if r := []rune(text); len(r) > maxTitle {
		return string(r[:maxTitle-1]) + "…"
	}
	return text
}
