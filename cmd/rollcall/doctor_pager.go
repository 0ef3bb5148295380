package main

import (
	"context"

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
	return []finding{first, second, d.webhooks(ctx, client)}
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
