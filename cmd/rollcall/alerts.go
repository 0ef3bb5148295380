package main

import "github.com/rollcall-bot/rollcall/bot/alerts"

// monitors is the way in for monitors other than PagerDuty.
func (s *server) monitors() *alerts.Server {
	var secrets []string
	for _, one := range s.cfg.Sentry.WebhookSecrets {
		secrets = append(secrets, one.Reveal())
	}
	return alerts.New(alerts.Options{
		Token: s.cfg.Server.AlertToken.Reveal(), Sources: s.cfg.Practice.sources(), Secrets: secrets, Intake: s.intake(), Now: s.p.clock.Now, Log: s.log,
		Count: func(source, result string) {
			if result != "taken" { // the intake says what became of it
				s.metrics.Webhook(source, result)
			}
		},
	})
}
