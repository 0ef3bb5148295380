package main

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/bot/checks"
	"github.com/rollcall-bot/rollcall/incident"
)

// SiteCheck is an address that Rollcall looks at itself.
type SiteCheck struct {
	Name     string        `key:"name" as:"text" need:"yes" try:"Shop front" doc:"What is called failing: the alarm is \"Shop front fails\"."`
	URL      string        `key:"url" as:"check address" need:"yes" doc:"What is looked at. Private addresses and plain http are taken; another host that it leads to is not."`
	Method   string        `key:"method" as:"check method" doc:"GET, HEAD, POST or OPTIONS, without a body. Without it GET."`
	Every    time.Duration `key:"every" as:"duration" try:"1m" doc:"How often, from 10s to 1d. Without it 1m."`
	Timeout  time.Duration `key:"timeout" as:"duration" try:"10s" doc:"For the whole answer, at most 1m and at most every. Without it 10s, or every when that is less."`
	Status   []string      `key:"status" as:"status" doc:"Which are well: a number, or 2xx for all that begin so. Without it 2xx."`
	Text     string        `key:"text" as:"text" try:"all is well" doc:"What the answer must hold, in its first MiB."`
	Failures int           `key:"failures" as:"count" try:"3" doc:"In a row, before there is an alarm. Without it 3."`
	Service  string        `key:"service" as:"service" doc:"Which is bleeding when it fails."`
	Severity string        `key:"severity" as:"severity" doc:"Of an incident, unless a rule under alarms says, whose urgencies compares it. Without it default_severity."`
}

const (
	minCheckEvery   = 10 * time.Second
	maxCheckEvery   = 24 * time.Hour
	maxCheckTimeout = time.Minute
)

var (
	kindCheckAddress = kind[string]{noun: "an address that begins with https:// or http://", try: "https://shop.example.org/health", parse: func(s string) (string, error) {
		u, err := url.Parse(s)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || len(s) > 2000 {
			return "", errNotOne
		}
		if u.User != nil {
			return "", errors.New("holds a user's name or password, which the log would show")
		}
		return s, nil
	}}
	kindCheckMethod = kindMatching("one of GET, HEAD, POST, OPTIONS", "GET", `GET|HEAD|POST|OPTIONS`)
	kindStatus      = kindMatching("a status of HTTP: a number from 100 to 599, or 2xx for all that begin so", "2xx", `[1-5](?:[0-9]{2}|xx)`)
	kindCount       = kind[int]{noun: "a number from 1 to 100", try: "3", parse: func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 100 {
			return 0, errNotOne
		}
		return n, nil
	}}
)

// checkChecks wants every check to be able to run, and its alarm to lead somewhere.
func checkChecks(c *Config, file *fileReader) *ConfigError {
	var services, severities []string
	for _, s := range c.Practice.Services {
		services = append(services, s.Name)
	}
	for _, s := range c.Practice.Severities {
		severities = append(severities, s.Name)
	}
	for i := range c.Practice.Checks {
		one := &c.Practice.Checks[i]
		at := func(key string) string { return fmt.Sprintf("checks[%d].%s", i, key) }
		one.fill()
		switch {
		case one.Every < minCheckEvery || one.Every > maxCheckEvery:
			return file.misfit(at("every"), formatDuration(one.Every), "is not between "+formatDuration(minCheckEvery)+" and "+formatDuration(maxCheckEvery), "try 1m")
		case one.Timeout > maxCheckTimeout || one.Timeout > one.Every:
			return file.misfit(at("timeout"), formatDuration(one.Timeout), "is more than "+formatDuration(min(one.Every, maxCheckTimeout)), "try "+formatDuration(min(one.Every, 10*time.Second)))
		case one.Text != "" && one.Method == "HEAD":
			return file.misfit(at("text"), one.Text, "can never be found: an answer to HEAD has no text", "try method: GET")
		case one.Service != "" && len(services) > 0 && !slices.Contains(services, one.Service):
			try := "add it under services"
			if near := nearestName(one.Service, services); near != "" {
				try = "did you mean " + near + "?"
			}
			return file.misfit(at("service"), one.Service, "is none of the services", try)
		case one.Severity != "" && !slices.Contains(severities, one.Severity):
			return file.misfit(at("severity"), one.Severity, "is none of the severities ("+strings.Join(severities, ", ")+")", "add it under severities")
		case !one.heard(c.Practice.Alarms):
			return file.misfit(at("name"), one.Name, "leads to nothing: no rule under alarms fits it", "add \"- name: checks\" with \"sources: [synthetic]\" and \"do: suggest\" there")
		}
	}
	return nil
}

// fill gives what is not said its default.
func (s *SiteCheck) fill() {
	if s.Method == "" {
		s.Method = "GET"
	}
	if s.Every == 0 {
		s.Every = time.Minute
	}
	if s.Timeout == 0 {
		s.Timeout = min(10*time.Second, s.Every)
	}
	if len(s.Status) == 0 {
		s.Status = []string{"2xx"}
	}
	if s.Failures == 0 {
		s.Failures = 3
	}
}

// heard says whether a rule fits the check's alarm. Without any rule it is suggested.
func (s *SiteCheck) heard(rules []AlarmRule) bool {
	a := incident.Alarm{
		Ref:   incident.AlarmRef{Source: incident.AlarmSynthetic},
		Title: incident.Told{Value: checks.Title(s.Name)}, Service: incident.Told{Value: s.Service}, Urgency: incident.Told{Value: s.Severity},
	}
	return len(rules) == 0 || slices.ContainsFunc(rules, func(r AlarmRule) bool {
		return alarm.Match{Sources: r.Sources, Services: r.Services, Urgencies: r.Urgencies, Priorities: r.Priorities, Title: r.Title}.Fits(a)
	})
}

// siteChecks are the checks as the runner wants them.
func (p Practice) siteChecks() []checks.Check {
	var all []checks.Check
	for _, s := range p.Checks {
		all = append(all, checks.Check{
			Name: s.Name, URL: s.URL, Method: s.Method, Every: s.Every, Timeout: s.Timeout, Status: s.Status, Text: s.Text, Failures: s.Failures,
			Service: s.Service, Severity: severityLevel(s.Severity),
		})
	}
	return all
}
