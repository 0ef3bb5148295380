package pagerout

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/PagerDuty/go-pagerduty"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// The states of an incident in PagerDuty.
const (
	triggered    = "triggered"
	acknowledged = "acknowledged"
	resolved     = "resolved"
)

func (c *Client) incident(ctx context.Context, id string) (i *pagerduty.Incident, err error) {
	err = c.read(ctx, "GET /incidents/{id}", func(ctx context.Context) (err error) {
		i, err = c.api.GetIncidentWithContext(ctx, id)
		return err
	})
	return i, err
}

// Acknowledge takes an incident in the name of a person of the account. Whoever
// is unknown there takes nothing: the failure's code is "no_such_user". An incident
// that somebody has, or that is over, is left as it is.
func (c *Client) Acknowledge(ctx context.Context, id, email string) (taken bool, err error) {
	if email == "" || !c.Rest() {
		return false, &outbound.Failure{End: outbound.Refused, Step: "GET /users", Code: codeNoUser}
	}
	i, err := c.incident(ctx, id)
	if err != nil || i.Status == resolved {
		return false, err
	}
	u, err := c.user(ctx, email)
	if _, refused := outbound.Refusal(err); refused && i.Status != triggered {
		return false, nil // somebody has it
	}
	if err != nil {
		return false, err
	}
	if i.Status != triggered {
		// It may be an attempt of ours whose reply was lost.
		return i.Status == acknowledged && slices.ContainsFunc(i.Acknowledgements, func(a pagerduty.Acknowledgement) bool {
			return a.Acknowledger.ID == u.ID
		}), nil
	}
	err = c.manage(ctx, email, pagerduty.ManageIncidentsOptions{ID: id, Status: acknowledged})
	return err == nil, err
}

// Resolve ends an incident. One that is over already, or gone, is as wanted.
func (c *Client) Resolve(ctx context.Context, id, text string) error {
	err := c.manage(ctx, c.opts.From, pagerduty.ManageIncidentsOptions{ID: id, Status: resolved, Resolution: short(text)})
	switch {
	case refusedAs(err, http.StatusNotFound):
		return nil
	case !refusedAs(err, http.StatusBadRequest):
		return err
	}
	i, lookErr := c.incident(ctx, id)
	if lookErr == nil && i.Status == resolved {
		return nil
	}
	return err
}

// ResolveEvent ends what an event began; PagerDuty drops it when there is nothing.
// of is the service as we call it, whose integration was told; "" for the configured one.
func (c *Client) ResolveEvent(ctx context.Context, of, key string) error {
	return c.event(ctx, &pagerduty.V2Event{RoutingKey: c.integration(of), Action: "resolve", DedupKey: key})
}

// manage sets the state of an incident, which repeating does not change.
func (c *Client) manage(ctx context.Context, from string, change pagerduty.ManageIncidentsOptions) error {
	return c.call(ctx, "PUT /incidents", func(ctx context.Context) error {
		_, err := c.api.ManageIncidentsWithContext(ctx, from, []pagerduty.ManageIncidentsOptions{change})
		return err
	})
}

// Note writes a note on an incident. It begins with a marker, by which one whose reply
// was lost is found before it is written again. An incident that is gone takes none.
func (c *Client) Note(ctx context.Context, id, marker, text string, again bool) error {
	if !c.Rest() {
		return nil
	}
	if again {
		var notes []pagerduty.IncidentNote
		err := c.read(ctx, "GET /incidents/{id}/notes", func(ctx context.Context) (err error) {
			notes, err = c.api.ListIncidentNotesWithContext(ctx, id)
			return err
		})
		if refusedAs(err, http.StatusNotFound) {
			return nil
		}
		if err != nil {
			return doubtful(err)
		}
		if slices.ContainsFunc(notes, func(n pagerduty.IncidentNote) bool { return strings.HasPrefix(n.Content, marker) }) {
			return nil
		}
	}
	err := c.call(ctx, "POST /incidents/{id}/notes", func(ctx context.Context) error {
		_, err := c.api.CreateIncidentNoteWithContext(ctx, id, pagerduty.IncidentNote{
			Content: marker + text, User: pagerduty.APIObject{Summary: c.opts.From},
		})
		return err
	})
	if refusedAs(err, http.StatusNotFound) {
		return nil
	}
	return err
}
