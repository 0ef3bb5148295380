package alarm_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/empty"
	"github.com/rollcall-bot/rollcall/templates"
)

var start = time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)

// world is an intake on a database of its own.
type world struct {
	testing.TB
	clock  *clock.Movable
	store  *storage.Store
	bot    *bot.Service
	intake *alarm.Intake
	last   atomic.Int64
}

func newWorld(t testing.TB, rules ...alarm.Rule) *world {
	t.Helper()
	w := &world{TB: t, clock: clock.Frozen(start)}
	id := func() string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", w.last.Add(1)) }
	log := slog.New(slog.DiscardHandler)
	store, err := storage.Open(t.Context(), storage.Options{
		URL: empty.URL(t), Now: w.clock.Now, Wall: time.Now, NewID: id, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close(context.WithoutCancel(t.Context())) })
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	chain, err := calls.New([]string{"jitsi:https://jitsi.example.org"}, func() string { return "room" + id()[30:] })
	if err != nil {
		t.Fatal(err)
	}
	w.store = store
	w.bot = bot.New(bot.Options{
		Store: store, Book: book, Calls: chain, Clock: w.clock, NewID: id, Log: log,
		Policy: &incident.Policy{
			DefaultSeverity: 2, Zone: time.UTC, DefaultTasks: []string{"Find the surface of the bleeding"},
			Services: []incident.ServicePolicy{{Name: "checkout-api"}},
		},
	})
	w.intake = alarm.New(alarm.Options{Bot: w.bot, Rules: rules, Log: log})
	return w
}

// message is a report of an alarm, delivered under a name.
func message(delivery, alarmID string, kind incident.AlarmKind, at time.Time) alarm.Alarm {
	a := alarm.Alarm{Report: incident.AlarmReport{
		Ref: incident.AlarmRef{Source: "pagerduty", ID: alarmID}, Kind: kind, At: at, Began: start.Add(-10 * time.Minute),
		Facts: incident.AlarmFacts{Title: "Checkout fails", Service: "checkout-api", Urgency: "high", URL: "https://example.pagerduty.com/i/" + alarmID},
	}}
	if delivery != "" {
		a.Deliveries = []bot.Delivery{{Source: "pagerduty.event", ID: delivery}}
	}
	return a
}

func (w *world) take(a alarm.Alarm) {
	w.Helper()
	if err := w.intake.Take(w.Context(), a); err != nil {
		w.Fatal(err)
	}
}

// incidents are all incidents, the first first.
func (w *world) incidents() []*incident.Incident {
	w.Helper()
	var all []*incident.Incident
	w.read(func(r *storage.Reader) error {
		briefs, err := r.RawBriefs()
		for n := len(briefs) - 1; err == nil && n >= 0; n-- {
			var inc *incident.Incident
			inc, err = r.RawIncident(briefs[n].ID)
			all = append(all, inc)
		}
		return err
	})
	return all
}

// only is the one incident that there is.
func (w *world) only() *incident.Incident {
	w.Helper()
	all := w.incidents()
	if len(all) != 1 {
		w.Fatalf("there are %d incidents", len(all))
	}
	return all[0]
}

// lines are the timeline's, with their times.
func (w *world) lines(inc *incident.Incident) []string {
	w.Helper()
	var lines []string
	w.read(func(r *storage.Reader) error {
		log, err := r.RawRecords(inc.ID, 1)
		for _, l := range incident.Timeline(inc, log, incidenttest.Names{}) {
			lines = append(lines, l.At.Format("15:04 ")+l.Text)
		}
		return err
	})
	return lines
}

// effects are the outbound steps that wait, of an incident.
func (w *world) effects(inc *incident.Incident, kind incident.EffectKind) []incident.Effect {
	w.Helper()
	var list []incident.Effect
	w.read(func(r *storage.Reader) error {
		all, err := r.RawEffects(inc.ID)
		for _, e := range all {
			if e.Step.Kind == kind {
				list = append(list, e.Step)
			}
		}
		return err
	})
	return list
}

func (w *world) read(fn func(*storage.Reader) error) {
	w.Helper()
	if err := w.store.Read(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}
