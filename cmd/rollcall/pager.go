package main

import (
	"math/rand/v2"
	"time"

	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	pagerin "github.com/rollcall-bot/rollcall/bot/pager/in"
	pagerout "github.com/rollcall-bot/rollcall/bot/pager/out"
)

// webhookPath is where PagerDuty's webhooks come in.
const webhookPath = "/pagerduty/webhooks"

// rest says whether PagerDuty's REST API can be used.
func (c PagerDutyConfig) rest() bool {
	return c.APIToken.IsSet() && c.From != "" && c.ServiceID != ""
}

// pages says whether anybody can be paged: by the REST API, or by events.
func (c PagerDutyConfig) pages() bool { return c.rest() || c.RoutingKey.IsSet() }

// pagerOptions are what a client of PagerDuty is made of, without limits.
func (p *program) pagerOptions(all Config) pagerout.Options {
	c := all.PagerDuty
	keys := map[string]string{"": c.RoutingKey.Reveal()}
	for _, s := range all.Practice.Services {
		keys[s.Name] = s.RoutingKey.Reveal()
	}
	return pagerout.Options{
		RoutingKeys: keys,
		Token:       c.APIToken.Reveal(), From: c.From, Service: c.ServiceID,
		APIURL: c.APIURL, EventsURL: c.EventsURL, Now: p.clock.Now, Rest: p.slackRest, Log: p.quiet(),
	}
}

// newPager is the client of PagerDuty; nil when nobody can be paged.
func (s *server) newPager() (*pagerout.Client, error) {
	if !s.cfg.PagerDuty.pages() {
		return nil, nil //nolint:nilnil // no PagerDuty is no error
	}
	o := s.p.pagerOptions(s.cfg)
	o.Limits, o.Log = jobs.Limits{Store: s.store}, s.log
	return pagerout.New(o)
}

// paging gives the workers PagerDuty, as far as there is one.
func (s *server) paging(o *jobs.Options) {
	if s.pager == nil {
		return
	}
	o.Pager = s.pager
	if !s.pager.Rest() {
		return
	}
	o.Upkeep = &jobs.Upkeep{Pager: s.pager, Services: pagerServices(s.cfg), Webhook: s.cfg.webhookURL(), Missed: missed(s.intake().Take), Jitter: rand.N[time.Duration]}
}

// pagerServices are PagerDuty's ids of the services, by our names.
func pagerServices(c Config) map[string]string {
	ids := map[string]string{"": c.PagerDuty.ServiceID}
	for _, one := range c.Practice.Services {
		ids[one.Name] = c.PagerDuty.ServiceID
		if one.PagerDuty != "" {
			ids[one.Name] = one.PagerDuty
		}
	}
	return ids
}

// webhookURL is our address for PagerDuty's webhooks; "" while nobody said how we
// are reached.
func (c Config) webhookURL() string {
	if c.Server.PublicURL == "" {
		return ""
	}
	return c.Server.PublicURL + webhookPath
}

// webhookEvents are the types of events that are subscribed to: whatever happens to
// an incident, so that it stands on the timeline.
var webhookEvents = pagerin.Types()

// intake is the one door for alarms, by the rules of the settings.
func (s *server) intake() *alarm.Intake {
	return alarm.New(alarm.Options{
		Bot: s.talk, Rules: alarmRules(s.cfg.Practice), Log: s.log,
		Taken: func(source string, do alarm.Action) { s.metrics.Webhook(source, string(do)) },
	})
}

// webhooks is the way in for PagerDuty.
func (s *server) webhooks() *pagerin.Server {
	var secrets []string
	for _, one := range s.cfg.PagerDuty.WebhookSecrets {
		secrets = append(secrets, one.Reveal())
	}
	return pagerin.New(pagerin.Options{
		Secrets: secrets, Kept: s.keptSecrets, Intake: s.intake(), Log: s.log,
		Count: func(result string) {
			if result != "taken" { // the intake says what became of it
				s.metrics.Webhook(pagerin.Source, result)
			}
		},
	})
}
