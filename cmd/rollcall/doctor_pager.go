package main

import (
	"context"
	"slices"

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

// webhooks checks that PagerDuty tells us of alarms. With --subscribe it is asked to.
func (d *doctor) webhooks(ctx context.Context, client *pagerout.Client) finding {
	f := finding{what: "PagerDuty's webhooks", warn: true}
	address := d.c.webhookURL()
	if address == "" {
		f.said, f.fix = "it is not known under which address they would come", "Set ROLLCALL_PUBLIC_URL, if alarms of PagerDuty's should come in"
		return f
	}
	all, err := client.Subscriptions(ctx)
	if err != nil {
		f.said, f.fix = "the subscriptions cannot be read: "+err.Error(), "Try again"
		return f
	}
	at := slices.IndexFunc(all, func(s outbound.Subscription) bool { return s.URL == address })
	switch {
	case at < 0 && d.subscribe:
		return d.subscribed(ctx, client, address)
	case at < 0:
		f.said, f.fix = "no subscription for "+address, "`rollcall doctor --subscribe` makes one and prints its secret"
	case all[at].Disabled:
		f.warn = false
		f.said, f.fix = "PagerDuty has disabled the subscription after webhooks that it could not deliver", "Look at PAGERDUTY_WEBHOOK_SECRET; the running server enables it again within minutes"
	case len(d.c.PagerDuty.WebhookSecrets) == 0:
		f.said, f.fix = "subscribed, but PAGERDUTY_WEBHOOK_SECRET is not set", "Set it to the secret that was shown when the subscription was made; make a new one when it is lost"
	default:
		f.said = "subscribed as " + all[at].ID
	}
	return f
}

// subscribed makes the subscription. Its secret is shown this once: nobody can ask
// PagerDuty for it later.
func (d *doctor) subscribed(ctx context.Context, client *pagerout.Client, address string) finding {
	made, err := client.Subscribe(ctx, address, webhookEvents)
	if err != nil {
		return finding{what: "PagerDuty's webhooks", said: "the subscription could not be made: " + err.Error(), fix: "Look in PagerDuty under Integrations, Generic Webhooks, whether it is there, before you try again"}
	}
	return finding{
		what: "PagerDuty's webhooks", said: "subscribed as " + made.ID, warn: true,
		fix: "Set PAGERDUTY_WEBHOOK_SECRET=" + made.Secret + " and start the server again; the secret is not shown a second time",
	}
}
