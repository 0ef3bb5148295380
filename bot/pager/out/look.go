package pagerout

import (
	"context"
	"net/http"
	"time"

	"github.com/PagerDuty/go-pagerduty"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	// pageSize is the most that PagerDuty gives at a time.
	pageSize = 100
	// maxPages bounds what is read of one list.
	maxPages = 10
)

// OnCall lists who is on call for services (PagerDuty's ids), by level. A service
// that PagerDuty does not know is left out.
func (c *Client) OnCall(ctx context.Context, services []string) ([]outbound.OnCall, error) {
	var all []outbound.OnCall
	for _, id := range services {
		var s *pagerduty.Service
		err := c.read(ctx, "GET /services/{id}", func(ctx context.Context) (err error) {
			s, err = c.api.GetServiceWithContext(ctx, id, nil)
			return err
		})
		if refusedAs(err, http.StatusNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var list *pagerduty.ListOnCallsResponse
		err = c.read(ctx, "GET /oncalls", func(ctx context.Context) (err error) {
			list, err = c.api.ListOnCallsWithContext(ctx, pagerduty.ListOnCallOptions{
				EscalationPolicyIDs: []string{s.EscalationPolicy.ID}, Includes: []string{"users"}, Limit: pageSize,
			})
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, o := range list.OnCalls {
			until, _ := time.Parse(time.RFC3339, o.End) // without a schedule there is none
			name := o.User.Name
			if name == "" {
				name = o.User.Summary
			}
			all = append(all, outbound.OnCall{Service: id, Level: int(o.EscalationLevel), Name: name, Email: o.User.Email, Until: until})
		}
	}
	return all, nil
}

// Alarms lists the incidents that were opened there since a time and are not over,
// the oldest first.
func (c *Client) Alarms(ctx context.Context, since time.Time) ([]outbound.Alarm, error) {
	var all []outbound.Alarm
	for page := range uint(maxPages) {
		var list *pagerduty.ListIncidentsResponse
		err := c.read(ctx, "GET /incidents", func(ctx context.Context) (err error) {
			list, err = c.api.ListIncidentsWithContext(ctx, pagerduty.ListIncidentsOptions{
				Since: since.UTC().Format(time.RFC3339), Statuses: []string{triggered, acknowledged},
				SortBy: "created_at:asc", Limit: pageSize, Offset: page * pageSize,
			})
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, i := range list.Incidents {
			at, _ := time.Parse(time.RFC3339, i.CreatedAt)
			all = append(all, outbound.Alarm{ID: i.ID, Key: i.IncidentKey, Title: i.Title, Status: i.Status, Service: i.Service.ID, At: at, ServiceName: i.Service.Summary, URL: i.HTMLURL})
		}
		if !list.More {
			break
		}
	}
	return all, nil
}

// Check asks PagerDuty what has to be right for paging: the key, the address in
// whose name Rollcall acts, and the service.
func (c *Client) Check(ctx context.Context) (service string, err error) {
	if _, err := c.user(ctx, c.opts.From); err != nil {
		return "", err
	}
	var s *pagerduty.Service
	err = c.read(ctx, "GET /services/{id}", func(ctx context.Context) (err error) {
		s, err = c.api.GetServiceWithContext(ctx, c.opts.Service, nil)
		return err
	})
	if err != nil {
		return "", err
	}
	return s.Name, nil
}

// maxIntegrations bounds how many integrations of a service are looked at.
const maxIntegrations = 50

// Route is what PagerDuty tells of the key by which a service is paged with events.
type Route struct {
	Service string // as it is called there
	Found   bool   // the key is one of its integrations'
	Read    int    // integrations whose keys could be read
	Hidden  int    // integrations whose keys could not: the API key may not, or they have none
}

// Route looks whether the routing key of a service, by the name that Rollcall has for
// it, belongs to the service that PagerDuty calls id.
func (c *Client) Route(ctx context.Context, name, id string) (Route, error) {
	var s *pagerduty.Service
	err := c.read(ctx, "GET /services/{id}", func(ctx context.Context) (err error) {
		s, err = c.api.GetServiceWithContext(ctx, id, nil)
		return err
	})
	if err != nil {
		return Route{}, err
	}
	r := Route{Service: s.Name}
	for _, one := range s.Integrations[:min(len(s.Integrations), maxIntegrations)] {
		var i *pagerduty.Integration
		err := c.read(ctx, "GET /services/{id}/integrations/{integration_id}", func(ctx context.Context) (err error) {
			i, err = c.api.GetIntegrationWithContext(ctx, id, one.ID, pagerduty.GetIntegrationOptions{})
			return err
		})
		_, refused := outbound.Refusal(err)
		switch {
		case refused || err == nil && i.IntegrationKey == "":
			r.Hidden++
		case err != nil:
			return r, err
		default:
			r.Read++
			r.Found = r.Found || i.IntegrationKey == c.opts.RoutingKeys[name]
		}
	}
	return r, nil
}
