package main

import "github.com/rollcall-bot/rollcall/bot/alerts"

// monitors is the way in for monitors other than PagerDuty.
func (s *server) monitors() *alerts.Server {
	return alerts.New(alerts.Options{
		Token: s.cfg.Server.AlertToken.Reveal(), Intake: s.intake(), Log: s.log,
		Count: func(source, result string) {
			if result != "taken" { // the intake says what became of it
				s.metrics.Webhook(source, result)
			}
		},
	})
}
