package jobs

import (
	"context"
	"encoding/json"
	"errors"
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
	// upkeepBusy is how soon it is looked again while another process asks, and
	// upkeepTurn how long one is left alone with it.
	upkeepBusy  = 5 * time.Second
	upkeepTurn  = 30 * time.Second
	upkeepClock = "pager.upkeep"
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
	// Jitter is a part of a time, by chance; nil for none of it. By it processes that
	// were started together move apart.
	Jitter func(most time.Duration) time.Duration
}

// The kinds of trouble with PagerDuty that last.
const (
	troubleRefused  = "PagerDuty"
	troubleWebhooks = "PagerDuty's webhooks"
)

// upkeep asks PagerDuty once, unless another process does so at the moment, and says
// how soon to ask again.
func (w *Workers) upkeep(ctx context.Context) time.Duration {
	jittered := func(wait time.Duration) time.Duration {
		if w.Upkeep.Jitter != nil {
			wait += w.Upkeep.Jitter(max(wait/5, upkeepBusy))
		}
		return wait
	}
	now := w.Clock.Now()
	until, taken := now.Add(upkeepTurn), false
	err := w.Store.Write(ctx, func(tx *storage.Tx) (err error) {
		taken, err = tx.TakeTurn(upkeepClock, now, until)
		return err
	})
	if err != nil {
		w.Log.WarnContext(ctx, "could not see whether another process asks PagerDuty", slog.Any("error", err))
		return jittered(upkeepSoon)
	}
	if !taken {
		return jittered(upkeepBusy)
	}
	wait := w.upkeepOnce(ctx)
	if err := w.Store.Write(context.WithoutCancel(ctx), func(tx *storage.Tx) error { return tx.EndTurn(upkeepClock, until) }); err != nil {
		w.Log.WarnContext(ctx, "that PagerDuty was asked could not be noted; the next one waits for half a minute", slog.Any("error", err))
	}
	return jittered(wait)
}

// upkeepOnce goes round once and returns when to do so again.
func (w *Workers) upkeepOnce(ctx context.Context) (wait time.Duration) {
	wait = upkeepEvery
	answers, refused := 0, false
	for _, one := range []struct {
		what string
		do   func(context.Context) error
	}{{"who is on call", w.refreshOnCall}, {"the webhook subscription", w.careForWebhooks}, {"missed alarms", w.reconcile}} {
		f := outbound.FailureOf(one.do(ctx))
		if f == nil {
			answers++
			continue
		}
		if ctx.Err() != nil {
			return wait
		}
		wait = max(upkeepSoon, f.Wait)
		w.Log.WarnContext(ctx, "PagerDuty could not be asked", slog.String("what", one.what), slog.Any("error", f), slog.String("fix", f.Fix))
		if f.End == outbound.Refused && !refused {
			refused = true
			w.noted(ctx, w.stands(ctx, troubleRefused, "it refuses to tell "+one.what+" ("+f.Code+"), so alarms may be missed and pages may fail", f.Fix))
		}
	}
	if answers > 0 && !refused {
		w.noted(ctx, w.over(ctx, troubleRefused))
	}
	return wait
}

// noted logs that trouble could not be noted.
func (w *Workers) noted(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		w.Log.WarnContext(ctx, "trouble that lasts could not be noted", slog.Any("error", err))
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
	const fix = "Look for refused webhooks in the log: a wrong PAGERDUTY_WEBHOOK_SECRET is the usual reason, or a proxy in front that does not let them through."
	on := false
	for _, s := range all {
		if s.URL != w.Upkeep.Webhook {
			continue
		}
		if !s.Disabled {
			on = true
			continue
		}
		w.Log.ErrorContext(ctx, "PagerDuty had disabled our webhook subscription; it is enabled again and what was missed is looked up",
			slog.String("subscription", s.ID), slog.String("fix", fix))
		err := w.Upkeep.Pager.Enable(ctx, s.ID)
		what, how := "PagerDuty had disabled the subscription after webhooks that it could not deliver; it is enabled again, and alarms that were missed are looked up", fix
		if f := outbound.FailureOf(err); f != nil {
			w.Log.ErrorContext(ctx, "the webhook subscription could not be enabled", slog.Any("error", f), slog.String("fix", f.Fix))
			if f.End == outbound.Refused {
				err = nil // is told below, and no sooner otherwise
			}
			what = "PagerDuty has disabled the subscription after webhooks that it could not deliver, and it could not be enabled again; alarms are looked up every five minutes meanwhile"
			how = "Enable it in PagerDuty under Integrations, Generic Webhooks. " + fix
		}
		if stored := w.stands(ctx, troubleWebhooks, what, how); stored != nil || err != nil {
			return errors.Join(err, stored)
		}
		return nil
	}
	if on {
		return w.over(ctx, troubleWebhooks)
	}
	return nil
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
