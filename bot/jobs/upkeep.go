package jobs

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// upkeepEvery is how often PagerDuty is asked what we know of it, and upkeepSoon
	// how soon again after it could not be asked.
	upkeepEvery = 5 * time.Minute
	upkeepSoon  = time.Minute
	// missedSince is how far back alarms are looked for: PagerDuty disables a webhook
	// subscription for 24 hours, and drops what it had to send.
	missedSince = 24 * time.Hour
	// missedAfter is how long a webhook may take before it counts as missed.
	missedAfter = time.Minute
)

// Watched is what is asked of PagerDuty regularly.
type Watched interface {
	OnCall(ctx context.Context, services []string) ([]outbound.OnCall, error)
	Alarms(ctx context.Context, since time.Time) ([]outbound.Alarm, error)
	Subscriptions(ctx context.Context) ([]outbound.Subscription, error)
	Enable(ctx context.Context, id string) error
}

// Upkeep keeps what is known of PagerDuty right: who is on call, the webhook
// subscription, and alarms whose webhook did not come.
type Upkeep struct {
	Pager    Watched
	Services map[string]string // PagerDuty's ids by our names; "" for the one that is paged unless another is named
	Webhook  string            // our address for webhooks; "" when it is not known
	// Missed takes in an alarm that no webhook told of; nil when alarms are not taken in.
	Missed func(ctx context.Context, a outbound.Alarm) error

	disabled map[string]bool // subscriptions that were found disabled, and reported
}

// upkeep goes round until ctx ends.
func (w *Workers) upkeep(ctx context.Context) {
	u := w.Upkeep
	if u == nil {
		return
	}
	for {
		wait := upkeepEvery
		for what, do := range map[string]func(context.Context) error{
			"who is on call": w.refreshOnCall, "the webhook subscription": w.careForWebhooks, "missed alarms": w.reconcile,
		} {
			if f := outbound.FailureOf(do(ctx)); f != nil && ctx.Err() == nil {
				wait = max(upkeepSoon, f.Wait)
				w.Log.WarnContext(ctx, "PagerDuty could not be asked", slog.String("what", what), slog.Any("error", f), slog.String("fix", f.Fix))
			}
		}
		if w.Clock.Sleep(ctx, wait) != nil {
			return
		}
	}
}

// refreshOnCall stores who is on call, so that nobody waits for the answer.
func (w *Workers) refreshOnCall(ctx context.Context) error {
	names := slices.Sorted(maps.Keys(w.Upkeep.Services))
	var ids []string
	for _, name := range names {
		if id := w.Upkeep.Services[name]; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	people, err := w.Upkeep.Pager.OnCall(ctx, ids)
	if err != nil {
		return err
	}
	list := bot.OnCallList{At: w.Clock.Now().UTC()}
	for _, name := range names {
		of := bot.OnCallOf{Service: name}
		for _, p := range people {
			if p.Service == w.Upkeep.Services[name] {
				of.People = append(of.People, bot.OnCallPerson{Level: p.Level, Name: p.Name, Email: p.Email, Until: p.Until})
			}
		}
		list.Ways = append(list.Ways, of)
	}
	body, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return w.Store.Write(ctx, func(tx *storage.Tx) error { return tx.SetMeta(bot.MetaOnCall, string(body)) })
}

// careForWebhooks turns our webhook subscription on again when PagerDuty has turned
// it off, which it does after three webhooks that it could not deliver.
func (w *Workers) careForWebhooks(ctx context.Context) error {
	if w.Upkeep.Webhook == "" {
		return nil
	}
	all, err := w.Upkeep.Pager.Subscriptions(ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.URL != w.Upkeep.Webhook || !s.Disabled {
			delete(w.Upkeep.disabled, s.ID)
			continue
		}
		w.reportDisabled(s.ID)
		w.Log.ErrorContext(ctx, "PagerDuty had disabled our webhook subscription; it is enabled again and what was missed is looked up",
			slog.String("subscription", s.ID), slog.String("fix", "Look for refused webhooks in the log: a wrong PAGERDUTY_WEBHOOK_SECRET is the usual reason."))
		if err := w.Upkeep.Pager.Enable(ctx, s.ID); err != nil {
			return err
		}
	}
	return nil
}

// reportDisabled tells those who run the program, once until the subscription is seen
// to be on again.
func (w *Workers) reportDisabled(id string) {
	u := w.Upkeep
	if u.disabled[id] {
		return
	}
	if u.disabled == nil {
		u.disabled = map[string]bool{}
	}
	u.disabled[id] = true
	w.Report(outbound.Trouble{
		Kind: "PagerDuty's webhooks",
		What: "PagerDuty had disabled the subscription after webhooks that it could not deliver; it is being enabled again, and alarms that were missed are looked up",
	})
}

// reconcile takes in alarms that are open there and unknown here. What pages of
// ours made is not an alarm.
func (w *Workers) reconcile(ctx context.Context) error {
	if w.Upkeep.Missed == nil {
		return nil
	}
	now := w.Clock.Now()
	alarms, err := w.Upkeep.Pager.Alarms(ctx, now.Add(-missedSince))
	if err != nil {
		return err
	}
	for _, a := range alarms {
		if _, ours := incident.OwnPage(a.Key); ours || now.Sub(a.At) < missedAfter {
			continue
		}
		var known bool
		err := w.Store.Read(ctx, func(r *storage.Reader) (err error) {
			_, known, err = r.Alarm(incident.AlarmRef{Source: "pagerduty", ID: a.ID})
			return err
		})
		if err != nil {
			return err
		}
		if known {
			continue
		}
		w.Log.WarnContext(ctx, "an alarm was open in PagerDuty that no webhook had told of", slog.String("alarm", a.ID))
		if err := w.Upkeep.Missed(ctx, a); err != nil {
			return err
		}
	}
	return nil
}
