package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/alerts"
)

// Monitor is a source of alerts with something of its own: a token, a secret, or
// a body of its own shape.
type Monitor struct {
	Name   string        `key:"name" as:"monitor name" need:"yes" doc:"What its alarms come from, for sources of alarms. One that is named like a kind is that kind's own address, /alerts/KIND; others are /alerts/KIND?source=NAME."`
	Kind   alerts.Kind   `key:"kind" as:"monitor kind" try:"generic" doc:"What it speaks: alertmanager, grafana, sentry or generic. Without it the name, which then is one of these."`
	Token  Secret        `key:"token" as:"bearer token" doc:"A bearer token that opens this source only. ROLLCALL_ALERT_TOKEN opens it, too."`
	Secret Secret        `key:"secret" as:"client secret" doc:"What Sentry signs with: the Client Secret of its integration. Without it SENTRY_WEBHOOK_SECRET."`
	Fields MonitorFields `key:"fields" doc:"Where a generic body tells what. Without it the body is the document of docs/alerts.md."`
}

// MonitorPath leads to a value in a body.
type MonitorPath struct{ alerts.Path }

// MonitorFields say where a generic body tells what.
type MonitorFields struct {
	Each        MonitorPath `key:"each" as:"path of a list" try:"data.alerts" doc:"A list in the body, each entry of which is an alert; the other paths begin there. A single dot (.) when the body itself is the list. Without it the body is one alert."`
	Fingerprint MonitorPath `key:"fingerprint" as:"path" need:"yes" try:"monitor.id" doc:"What the alarm is known by, so that it counts once while it goes off."`
	State       MonitorPath `key:"state" as:"path" need:"yes" try:"monitor.status" doc:"Whether it goes off."`
	Firing      []string    `key:"firing" as:"text" need:"yes" try:"down" doc:"Values of state that mean that it goes off, whatever their case."`
	Resolved    []string    `key:"resolved" as:"text" try:"up" doc:"Values of state that mean that it is over."`
	Title       MonitorPath `key:"title" as:"path" try:"monitor.name" doc:"Without it the fingerprint."`
	Service     MonitorPath `key:"service" as:"path" try:"monitor.service" doc:"The service, as it is called there."`
	Severity    MonitorPath `key:"severity" as:"path" try:"severity" doc:"The monitor's own word, which urgencies of alarms compares."`
	Priority    MonitorPath `key:"priority" as:"path" try:"priority" doc:"The monitor's own word, which priorities of alarms compares."`
	Time        MonitorPath `key:"time" as:"path" try:"at" doc:"When what state says began to be so: RFC 3339, or seconds or milliseconds since 1970. Without it when the message came."`
	StartedAt   MonitorPath `key:"started_at" as:"path" try:"since" doc:"When the trouble began, in the same forms. Without it the time."`
	URL         MonitorPath `key:"url" as:"path" try:"monitor.url" doc:"Where it is seen over there."`
}

var (
	kindMonitorName = kindMatching("a source's name (small letters, digits, -)", "uptime", `[a-z][a-z0-9-]{0,31}`)
	kindMonitorKind = kind[alerts.Kind]{noun: "one of alertmanager, grafana, sentry, generic", try: "generic", parse: func(s string) (alerts.Kind, error) {
		if !slices.Contains(alerts.Kinds(), alerts.Kind(s)) {
			return "", errNotOne
		}
		return alerts.Kind(s), nil
	}}
	kindMonitorPath = kind[MonitorPath]{noun: "a path", try: "monitor.id", parse: func(s string) (MonitorPath, error) {
		p, err := alerts.ParsePath(s)
		if err != nil {
			return MonitorPath{}, errors.New(err.Error())
		}
		return MonitorPath{p}, nil
	}}
	// kindMonitorList is a path, or a dot for the body itself.
	kindMonitorList = kind[MonitorPath]{noun: "a path, or . for the whole body", try: "data.alerts", parse: func(s string) (MonitorPath, error) {
		if s == "." {
			return MonitorPath{alerts.Whole}, nil
		}
		return kindMonitorPath.parse(s)
	}}
	kindMonitorToken = kindSecretOf(kindToken.like("a-word-that-nobody-can-guess"))
	kindClientSecret = kindSecretOf(kindToken.like("the-client-secret"))
)

// checkMonitors wants every source to be one, and somebody to be able to reach it.
func checkMonitors(c *Config, file *fileReader) *ConfigError {
	for i := range c.Practice.Monitors {
		m := &c.Practice.Monitors[i]
		at := func(key string) string { return fmt.Sprintf("monitors[%d].%s", i, key) }
		named := slices.Contains(alerts.Kinds(), alerts.Kind(m.Name))
		switch {
		case m.Name == "pagerduty" || m.Name == "synthetic":
			return file.misfit(at("name"), m.Name, "is built in", "give it another name")
		case m.Kind == "" && !named:
			return file.misfit(at("name"), m.Name, "has no kind", "add \"kind: generic\", or alertmanager, grafana, sentry")
		case m.Kind == "":
			m.Kind = alerts.Kind(m.Name)
		case named && m.Name != string(m.Kind):
			return file.misfit(at("kind"), string(m.Kind), "is not what the name says", "give it another name, try "+string(m.Kind)+"-2")
		}
		if e := m.check(c, file, at); e != nil {
			return e
		}
	}
	return checkMonitorTokens(c, file)
}

func (m Monitor) check(c *Config, file *fileReader, at func(string) string) *ConfigError {
	given := len(m.Fields.Fingerprint.Path) > 0
	switch {
	case m.Secret.IsSet() && m.Kind != alerts.Sentry:
		return file.misfit(at("secret"), "", "is of no use with kind: "+string(m.Kind)+", which signs nothing", "give it a token instead")
	case given && m.Kind != alerts.Generic:
		return file.misfit(at("fields"), "", "is of no use with kind: "+string(m.Kind)+", whose body is known", "remove it, or try kind: generic")
	case !m.Token.IsSet() && !m.Secret.IsSet() && !c.Server.AlertToken.IsSet() && (m.Kind != alerts.Sentry || len(c.Sentry.WebhookSecrets) == 0):
		return file.misfit(at("name"), m.Name, "can be reached by nobody: there is no token", "add \"token: \" with what `openssl rand -hex 32` prints, or set ROLLCALL_ALERT_TOKEN")
	case given && len(m.Fields.Firing) == 0:
		return file.misfit(at("fields.firing"), "", "is empty", "name at least one value, try [down]")
	}
	for i, one := range m.Fields.Resolved {
		if slices.ContainsFunc(m.Fields.Firing, func(f string) bool { return strings.EqualFold(f, one) }) {
			return file.misfit(fmt.Sprintf("%s[%d]", at("fields.resolved"), i), one, "is also given under firing", "remove one of the two")
		}
	}
	return nil
}

// checkMonitorTokens keeps one token from opening two doors.
func checkMonitorTokens(c *Config, file *fileReader) *ConfigError {
	type door struct {
		name  string
		token Secret
	}
	doors := []door{
		{"ROLLCALL_API_TOKEN", c.Server.APIToken}, {"ROLLCALL_API_READ_TOKEN", c.Server.APIReadToken}, {"ROLLCALL_ALERT_TOKEN", c.Server.AlertToken},
	}
	for i, m := range c.Practice.Monitors {
		if !m.Token.IsSet() {
			continue
		}
		for _, d := range doors {
			if d.token.IsSet() && d.token.Reveal() == m.Token.Reveal() {
				return file.misfit(fmt.Sprintf("monitors[%d].token", i), "", "is also that of "+d.name, "try "+kindBearer.try+", once for each")
			}
		}
		doors = append(doors, door{"the monitor " + m.Name, m.Token})
	}
	return nil
}

// sources are the monitors as the way in wants them.
func (p Practice) sources() []alerts.Source {
	var all []alerts.Source
	for _, m := range p.Monitors {
		s := alerts.Source{Name: m.Name, Kind: m.Kind, Token: m.Token.Reveal()}
		if m.Secret.IsSet() {
			s.Secrets = []string{m.Secret.Reveal()}
		}
		if f := m.Fields; len(f.Fingerprint.Path) > 0 {
			s.Fields = &alerts.Fields{
				Each: f.Each.Path, Fingerprint: f.Fingerprint.Path, State: f.State.Path, Firing: f.Firing, Resolved: f.Resolved, Title: f.Title.Path,
				Service: f.Service.Path, Severity: f.Severity.Path, Priority: f.Priority.Path, Time: f.Time.Path, StartedAt: f.StartedAt.Path, URL: f.URL.Path,
			}
		}
		all = append(all, s)
	}
	return all
}
