package main

import (
	"context"
	"errors"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	pagerin "github.com/rollcall-bot/rollcall/bot/pager/in"
	"github.com/rollcall-bot/rollcall/incident"
)

// missed takes in alarms that are open in PagerDuty and that no webhook told of.
func missed(take func(context.Context, alarm.Alarm) error) func(context.Context, outbound.Alarm) error {
	return func(ctx context.Context, a outbound.Alarm) error {
		err := take(ctx, alarm.Alarm{
			Deliveries: []bot.Delivery{{Source: "pagerduty.found", ID: a.ID}},
			Report: incident.AlarmReport{
				Ref: incident.AlarmRef{Source: pagerin.Source, ID: a.ID}, Kind: incident.AlarmTriggered, At: a.At, Began: a.At,
				Facts: incident.AlarmFacts{Title: a.Title, Service: a.ServiceName, URL: a.URL},
			},
		})
		if errors.Is(err, alarm.ErrUnnamed) {
			return nil // it cannot be told apart from others, now or later
		}
		return err
	}
}
