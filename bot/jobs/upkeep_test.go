package jobs_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
)

// account is what upkeep asks of PagerDuty, in memory.
type account struct {
	mu      sync.Mutex
	rounds  int
	down    bool
	alarms  []outbound.Alarm
	hooks   []outbound.Subscription
	enabled []string
	missed  []string
}

func (a *account) do(what func()) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.down {
		return &outbound.Failure{End: outbound.NotDone, Step: "GET", Err: errors.New("gone")}
	}
	what()
	return nil
}

func (a *account) OnCall(_ context.Context, services []string) (list []outbound.OnCall, err error) {
	err = a.do(func() {
		a.rounds++
		for _, s := range services {
			list = append(list, outbound.OnCall{Service: s, Level: 1, Name: "Bea of " + s})
		}
	})
	return list, err
}

func (a *account) Alarms(context.Context, time.Time) (list []outbound.Alarm, err error) {
	err = a.do(func() { list = slices.Clone(a.alarms) })
	return list, err
}

func (a *account) Subscriptions(context.Context) (list []outbound.Subscription, err error) {
	err = a.do(func() { list = slices.Clone(a.hooks) })
	return list, err
}

func (a *account) Enable(_ context.Context, id string) error {
	return a.do(func() {
		a.enabled = append(a.enabled, id)
		for n := range a.hooks {
			a.hooks[n].Disabled = a.hooks[n].Disabled && a.hooks[n].ID != id
		}
	})
}

func (a *account) Missed(_ context.Context, one outbound.Alarm) error {
	return a.do(func() {
		a.missed = append(a.missed, one.ID)
		a.alarms = slices.DeleteFunc(a.alarms, func(o outbound.Alarm) bool { return o.ID == one.ID })
	})
}

func TestUpkeepAtStartAndRegularly(t *testing.T) {
	w := newWorld(t)
	w.bot.Policy.Paging.On = true
	old := w.clock.Now().Add(-10 * time.Minute)
	a := &account{
		down: true,
		alarms: []outbound.Alarm{
			{ID: "PMISSED", Title: "x", At: old},
			{ID: "PNEW", At: w.clock.Now().Add(time.Hour)},
			{ID: "POURS", Key: incident.PageKey("0190", 1), At: old},
		},
		hooks: []outbound.Subscription{
			{ID: "PW1", URL: "https://rollcall.example/pagerduty/webhooks", Disabled: true},
			{ID: "PW2", URL: "https://other.example/hook", Disabled: true},
		},
	}
	w.work(func(o *jobs.Options) {
		o.Upkeep = &jobs.Upkeep{
			Pager: a, Webhook: "https://rollcall.example/pagerduty/webhooks", Missed: a.Missed,
			Services: map[string]string{"": "PMAIN", "cart": "PMAIN", "checkout": "PCHECK"},
		}
	})
	w.clock.advance(2 * time.Minute)
	a.mu.Lock()
	a.down = false
	a.mu.Unlock()
	w.clock.advance(2 * time.Minute)
	look := func(what func() bool) func() bool {
		return func() bool {
			a.mu.Lock()
			defer a.mu.Unlock()
			return what()
		}
	}
	w.eventually("an alarm that was missed is taken in", look(func() bool { return len(a.missed) > 0 }))
	w.eventually("our subscription is on again", look(func() bool { return len(a.enabled) > 0 }))
	w.eventually("who is on call is known", func() bool {
		answer := w.says(w.ana, "C-elsewhere", "oncall").Text
		return strings.Contains(answer, "On call for checkout: Bea of PCHECK") && strings.Contains(answer, "On call for cart: Bea of PMAIN")
	})
	rounds := 0
	w.eventually("a round ends", look(func() bool { rounds = a.rounds; return rounds > 0 }))
	w.clock.advance(6 * time.Minute)
	w.eventually("the next round", look(func() bool { return a.rounds > rounds }))
	a.mu.Lock()
	defer a.mu.Unlock()
	if strings.Join(a.missed, " ") != "PMISSED" || strings.Join(a.enabled, " ") != "PW1" {
		t.Errorf("taken in %v, turned on %v", a.missed, a.enabled)
	}
}

// TestProcessesThatStartTogetherMoveApart starts eight at once, with randomness of the test's,
// and looks when each asks PagerDuty for the second time.
func TestProcessesThatStartTogetherMoveApart(t *testing.T) {
	w := newWorld(t)
	r := rand.New(rand.NewPCG(1, 1))
	var mu sync.Mutex
	asked := map[int][]time.Time{}
	for n := range 8 {
		part := time.Duration(r.Int64N(1000))
		w.work(quiet, func(o *jobs.Options) {
			o.Upkeep = &jobs.Upkeep{
				Pager: &asking{account: &account{}, told: func() {
					mu.Lock()
					defer mu.Unlock()
					asked[n] = append(asked[n], w.clock.Now())
				}},
				Jitter: func(most time.Duration) time.Duration { return most * part / 1000 },
			}
		})
	}
	times := func(nth int) (all []time.Time) {
		mu.Lock()
		defer mu.Unlock()
		for _, one := range asked {
			if len(one) > nth {
				all = append(all, one[nth])
			}
		}
		slices.SortFunc(all, time.Time.Compare)
		return all
	}
	w.eventually("each asked at the start", func() bool { return len(times(0)) == 8 })
	w.clock.advance(4*time.Minute + 30*time.Second)
	w.eventually("each asked again", func() bool { return len(times(1)) == 8 })
	again := times(1)
	if spread := again[7].Sub(again[0]); spread < 20*time.Second {
		t.Errorf("processes that were started together ask within %s of each other, five minutes later", spread)
	}
}

// asking tells that PagerDuty was asked who is on call.
type asking struct {
	*account
	told func()
}

func (a *asking) OnCall(ctx context.Context, services []string) ([]outbound.OnCall, error) {
	a.told()
	return a.account.OnCall(ctx, services)
}
