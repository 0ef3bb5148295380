package main

import (
	"context"
	"fmt"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	pagerout "github.com/rollcall-bot/rollcall/bot/pager/out"
)

// paging checks PagerDuty: the key, the address in whose name Rollcall acts, the
// service, the second way and the webhook subscription.
func (d *doctor) paging(ctx context.Context) []finding {
	c := d.c.PagerDuty
	if !c.pages() {
		f := finding{what: "PagerDuty", said: "not set up; `page` answers with the phone numbers of rollcall.yaml"}
		if len(d.c.Practice.Phones) == 0 {
			f.warn, f.fix = true, "List whom to phone under `phones` in rollcall.yaml, so that there is somebody to call"
		}
		return []finding{f}
	}
	client, err := pagerout.New(d.p.pagerOptions(d.c))
	if err != nil {
		return []finding{{what: "PagerDuty", said: err.Error(), fix: "Look at PAGERDUTY_API_URL and PAGERDUTY_EVENTS_URL"}}
	}
	second := finding{what: "PagerDuty's second way", said: "events to the integration of PAGERDUTY_ROUTING_KEY"}
	if !client.Events() {
		second.said, second.warn = "none", true
		second.fix = "Add an Events API v2 integration to the service and set PAGERDUTY_ROUTING_KEY: it pages when the REST API does not"
	}
	if !client.Rest() {
		return []finding{second}
	}
	first := d.pagerAccount(ctx, client)
	if first.fix != "" {
		return []finding{first, second}
	}
	return append(append([]finding{first, second}, d.routes(ctx, client)...), d.webhooks(ctx, client))
}

// routes looks whether each routing key belongs to the service for which it is set:
// another one's would wake other people up.
func (d *doctor) routes(ctx context.Context, client *pagerout.Client) []finding {
	var found []finding
	ids := pagerServices(d.c)
	if d.c.PagerDuty.RoutingKey.IsSet() {
		f := d.route(ctx, client, "", ids[""])
		f.warn = f.fix != "" // with several services it may be meant so
		found = append(found, f)
	}
	for _, s := range d.c.Practice.Services {
		if s.RoutingKey.IsSet() {
			f := d.route(ctx, client, s.Name, ids[s.Name])
			if s.PagerDuty == "" && f.fix != "" && !f.warn {
				f.fix = "Set `pagerduty` of " + s.Name + " in rollcall.yaml to the id of the service whose key this is: without it pages go to the service of PAGERDUTY_SERVICE_ID first"
			}
			found = append(found, f)
		}
	}
	return found
}

func (d *doctor) route(ctx context.Context, client *pagerout.Client, name, id string) finding {
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	f := finding{what: "routing key of " + name}
	setting := "`routing_key` of " + name + " in rollcall.yaml"
	if name == "" {
		f.what, setting = "PAGERDUTY_ROUTING_KEY", "PAGERDUTY_ROUTING_KEY"
	}
	got, err := client.Route(ctx, name, id)
	refused, no := outbound.Refusal(err)
	switch {
	case no:
		f.said, f.warn, f.fix = "cannot be compared with the service "+id+": "+refused.Error(), true, refused.Fix
	case err != nil:
		f.said, f.warn, f.fix = "cannot be compared: "+err.Error(), true, "Look at the network, and try again"
	case got.Found:
		f.said = "is an integration's of the service " + got.Service
	case got.Hidden > 0:
		f.said = fmt.Sprintf("is none that can be read of the service %s; of %s PagerDuty does not tell the key", got.Service, integrations(got.Hidden))
		f.warn, f.fix = true, "Compare "+setting+" with the Integration Key of an Events API v2 integration of that service, in PagerDuty under Services, "+got.Service+", Integrations"
	default:
		f.said = fmt.Sprintf("belongs to none of %s of the service %s, so events would wake others up, or nobody", integrations(got.Read), got.Service)
		f.fix = "Set " + setting + " to the Integration Key of an Events API v2 integration of that service, in PagerDuty under Services, " + got.Service + ", Integrations"
	}
	return f
}

func integrations(n int) string {
	if n == 1 {
		return "1 integration"
	}
	return fmt.Sprintf("%d integrations", n)
}

func (d *doctor) pagerAccount(ctx context.Context, client *pagerout.Client) finding {
	f := finding{what: "PagerDuty"}
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	name, err := client.Check(ctx)
	refused, no := outbound.Refusal(err)
	switch {
	case no && refused.Code == "no_such_user":
		f.said = "has no user with the address in PAGERDUTY_FROM"
		f.fix = "Set PAGERDUTY_FROM to the e-mail address of a user of the account"
	case no:
		f.said, f.fix = refused.Error(), refused.Fix
	case err != nil:
		f.said, f.fix = "cannot be asked: "+err.Error(), "Look at the network and at PAGERDUTY_API_URL, and try again"
	default:
		f.said = "pages the service " + name + " in the name of " + d.c.PagerDuty.From
	}
	return f
}
