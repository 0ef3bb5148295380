package main

import (
	"context"
	"errors"
	"slices"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	pagerout "github.com/rollcall-bot/rollcall/bot/pager/out"
	"github.com/rollcall-bot/rollcall/storage"
)

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
		f.said, f.fix = "no subscription for "+address, "`rollcall doctor --subscribe` makes one and keeps its secret"
	case all[at].Disabled:
		f.warn = false
		f.said, f.fix = "PagerDuty has disabled the subscription after webhooks that it could not deliver", "Look at PAGERDUTY_WEBHOOK_SECRET; the running server enables it again within minutes"
	default:
		return d.secretOf(ctx, f, all[at].ID)
	}
	return f
}

// secretOf says where the secret of a subscription is, as far as can be told: one in
// the environment may be another's.
func (d *doctor) secretOf(ctx context.Context, f finding, subscription string) finding {
	var kept []webhookSecret
	s, err := storage.Open(ctx, d.p.storageOptions(d.c, d.p.quiet()))
	if err == nil {
		err = s.Read(ctx, func(r *storage.Reader) (err error) {
			kept, err = webhookSecrets(r)
			return err
		})
		err = errors.Join(err, s.Close(context.WithoutCancel(ctx)))
	}
	f.said = "subscribed as " + subscription
	switch {
	case slices.ContainsFunc(kept, func(k webhookSecret) bool { return k.Subscription == subscription }):
		f.said += "; its secret is in the database"
	case len(d.c.PagerDuty.WebhookSecrets) > 0:
		f.said += "; its secret should be in PAGERDUTY_WEBHOOK_SECRET"
	case err != nil:
		f.said, f.fix = f.said+", and it cannot be told whether its secret is known: "+trouble(err), "Look at the line on the database"
	default:
		f.said += ", but its secret is not known here"
		f.fix = "Set PAGERDUTY_WEBHOOK_SECRET to the secret that was shown when it was made; when that is lost, delete the subscription in PagerDuty and call `rollcall doctor --subscribe`"
	}
	return f
}

// subscribed makes the subscription and keeps its secret, which nobody can ask
// PagerDuty for later: so the database is tried before anything is made.
func (d *doctor) subscribed(ctx context.Context, client *pagerout.Client, address string) finding {
	f := finding{what: "PagerDuty's webhooks", fix: "Look at the line on the database, then call `rollcall doctor --subscribe` again"}
	s, err := storage.Open(ctx, d.p.storageOptions(d.c, d.p.quiet()))
	if err != nil {
		f.said = "nothing was subscribed to, because the secret could not be kept: " + trouble(err)
		return f
	}
	defer func() { _ = s.Close(context.WithoutCancel(ctx)) }()
	if err := s.Ping(ctx); err != nil {
		f.said = "nothing was subscribed to, because the secret could not be kept: " + trouble(err)
		return f
	}
	made, err := client.Subscribe(ctx, address, webhookEvents)
	if err != nil {
		f.said = "the subscription could not be made: " + err.Error()
		f.fix = "Look in PagerDuty under Integrations, Generic Webhooks, whether it is there, and delete it, before you try again: its secret would not be known"
		return f
	}
	f.said = "subscribed as " + made.ID
	if err := keepWebhookSecret(context.WithoutCancel(ctx), s, webhookSecret{Subscription: made.ID, Secret: made.Secret}); err != nil {
		// Better seen by whoever called this than lost.
		f.said += ", but its secret could not be kept: " + trouble(err)
		f.fix = "Set PAGERDUTY_WEBHOOK_SECRET=" + made.Secret + " and start the server again; the secret is not shown a second time"
		return f
	}
	f.said, f.fix = f.said+"; its secret is in the database, and a server that runs on it uses it at once", ""
	return f
}
