package main

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/bot/alerts"
	"github.com/rollcall-bot/rollcall/incident"
)

// AlarmRule is one rule of what an alarm leads to. The first that fits counts.
type AlarmRule struct {
	Name       string         `key:"name" as:"text" need:"yes" try:"page" doc:"Names the rule in logs."`
	Sources    []string       `key:"sources" as:"text" try:"pagerduty" doc:"Where the alarm comes from: pagerduty, or a monitor. Without it from anywhere."`
	Services   []string       `key:"services" as:"text" try:"checkout-api" doc:"The service, as it is called there. Without it any."`
	Urgencies  []string       `key:"urgencies" as:"text" try:"high" doc:"The urgency: high or low, or the monitor's own word. Without it any."`
	Priorities []string       `key:"priorities" as:"text" try:"P1" doc:"The priority, as it is called there. Without it any, and none."`
	Title      *regexp.Regexp `key:"title" as:"pattern" doc:"What the title must contain."`
	Do         alarm.Action   `key:"do" as:"alarm action" need:"yes" doc:"open: opens an incident. suggest: asks in the announcement channel. attach: joins the incident that is going on. ignore: nothing."`
	Severity   string         `key:"severity" as:"severity" doc:"Of the incident. Without it default_severity."`
	Invite     []string       `key:"invite" as:"person" doc:"Who is invited besides those who have the alarm."`
	Tasks      []string       `key:"tasks" as:"text" try:"Look at the dashboard" doc:"Tasks besides the default ones."`
	Window     time.Duration  `key:"window" as:"duration" try:"15m" doc:"How long after the last alarm of its incident another one of the same rule joins it. Without it every alarm opens its own."`
}

// kindPattern is a regular expression in RE2, which no text can make slow.
var kindPattern = kind[*regexp.Regexp]{noun: "a regular expression (RE2)", try: "(?i)checkout|payment", parse: func(s string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(s)
	if err != nil || len(s) > 500 {
		return nil, errNotOne
	}
	return re, nil
}}

// kindAlarmAction is what a rule may do.
var kindAlarmAction = kind[alarm.Action]{noun: "one of open, suggest, attach, ignore", try: "suggest", parse: func(s string) (alarm.Action, error) {
	a := alarm.Action(s)
	if !slices.Contains([]alarm.Action{alarm.Open, alarm.Suggest, alarm.Attach, alarm.Ignore}, a) {
		return "", errNotOne
	}
	return a, nil
}}

// checkAlarms wants every rule to be able to match, and what it says to be of use.
func checkAlarms(c *Config, file *fileReader) *ConfigError {
	rules := c.Practice.Alarms
	var severities []string
	for _, s := range c.Practice.Severities {
		severities = append(severities, s.Name)
	}
	for i, r := range rules {
		at := func(key string) string { return fmt.Sprintf("alarms[%d].%s", i, key) }
		if e := r.reachable(c, file, at); e != nil {
			return e
		}
		for _, earlier := range rules[:i] {
			if earlier.covers(r) {
				return file.misfit(at("name"), r.Name, "can never match: every alarm that fits it fits the rule "+quoteValue(earlier.Name)+" before it", "put it first, or narrow the other")
			}
		}
		if r.Severity != "" && !slices.Contains(severities, r.Severity) {
			return file.misfit(at("severity"), r.Severity, "is none of the severities ("+strings.Join(severities, ", ")+")", "add it under severities")
		}
		if r.Do == alarm.Open {
			continue
		}
		for _, of := range []struct {
			key  string
			here bool
			with bool // do: suggest uses it too
		}{
			{"severity", r.Severity != "", true},
			{"tasks", len(r.Tasks) > 0, true},
			{"window", r.Window > 0, false},
			{"invite", len(r.Invite) > 0 && r.Do == alarm.Ignore, false},
		} {
			if of.here && (!of.with || r.Do != alarm.Suggest) {
				return file.misfit(at(of.key), "", "is of no use with do: "+string(r.Do), "remove it, or try do: open")
			}
		}
	}
	return nil
}

// reachable wants a rule to speak of what there is.
func (r AlarmRule) reachable(c *Config, file *fileReader, at func(string) string) *ConfigError {
	known := []string{"pagerduty", incident.AlarmSynthetic}
	for _, k := range alerts.Kinds() {
		known = append(known, string(k))
	}
	for _, m := range c.Practice.Monitors {
		known = append(known, m.Name)
	}
	for n, source := range r.Sources {
		if !slices.Contains(known, strings.ToLower(source)) {
			try := "it is one of " + strings.Join(known, ", ") + ", or a name under monitors"
			if near := nearestName(strings.ToLower(source), known); near != "" {
				try = "did you mean " + near + "?"
			}
			return file.misfit(fmt.Sprintf("%s[%d]", at("sources"), n), source, "can never match: no alarm comes from there", try)
		}
	}
	if len(r.Sources) > 0 && !slices.ContainsFunc(r.Sources, c.sendsAlarms) {
		return file.misfit(at("sources"), "", "can never match: nobody can send alarms from "+strings.Join(r.Sources, ", "), waysIn(r.Sources))
	}
	if r.only(incident.AlarmSynthetic) {
		return r.reachesCheck(c, file, at)
	}
	if !r.only("pagerduty") {
		return nil
	}
	for n, urgency := range r.Urgencies {
		if !strings.EqualFold(urgency, "high") && !strings.EqualFold(urgency, "low") {
			return file.misfit(fmt.Sprintf("%s[%d]", at("urgencies"), n), urgency, "can never match: PagerDuty's urgencies are high and low", "write one of these, or use priorities")
		}
	}
	return nil
}

// sendsAlarms says whether alarms of a source can come in, as far as the settings tell.
// Checks of our own are looked at apart.
func (c *Config) sendsAlarms(source string) bool {
	switch source = strings.ToLower(source); source {
	case incident.AlarmSynthetic:
		return true
	case "pagerduty": // with the REST API, doctor can subscribe and keep the secret
		return len(c.PagerDuty.WebhookSecrets) > 0 || c.PagerDuty.rest()
	case string(alerts.Sentry):
		if len(c.Sentry.WebhookSecrets) > 0 {
			return true
		}
	}
	return c.Server.AlertToken.IsSet() || slices.ContainsFunc(c.Practice.Monitors, func(m Monitor) bool { return m.Name == source })
}

// waysIn says what lets alarms of the sources in.
func waysIn(sources []string) string {
	switch source := strings.ToLower(sources[0]); source {
	case "pagerduty":
		return "set PAGERDUTY_WEBHOOK_SECRET, or PAGERDUTY_API_TOKEN, PAGERDUTY_FROM and PAGERDUTY_SERVICE_ID (docs/pagerduty.md)"
	case string(alerts.Sentry):
		return "set SENTRY_WEBHOOK_SECRET, or list sentry with a secret under monitors"
	default:
		return "set ROLLCALL_ALERT_TOKEN to what `openssl rand -hex 32` prints, or list " + source + " with a token under monitors"
	}
}

// reachesCheck wants a rule that is for checks alone to fit one of them.
func (r AlarmRule) reachesCheck(c *Config, file *fileReader, at func(string) string) *ConfigError {
	if len(c.Practice.Checks) == 0 {
		return file.misfit(at("sources"), "", "can never match: there are no checks", "add some under checks")
	}
	for i := range c.Practice.Checks {
		if c.Practice.Checks[i].heard([]AlarmRule{r}) {
			return nil
		}
	}
	return file.misfit(at("name"), r.Name, "can never match: none of the checks has such a service, severity and name", "look at its services, urgencies, priorities and title")
}

// only says that a rule is for one source.
func (r AlarmRule) only(source string) bool {
	return len(r.Sources) > 0 && !slices.ContainsFunc(r.Sources, func(s string) bool { return !strings.EqualFold(s, source) })
}

// anyTitle says that a pattern is found in every title, as far as that can be told.
func anyTitle(re *regexp.Regexp) bool {
	if re == nil {
		return true
	}
	tree, err := syntax.Parse(re.String(), syntax.Perl)
	if err != nil {
		return false
	}
	tree = tree.Simplify()
	for tree.Op == syntax.OpCapture {
		tree = tree.Sub[0]
	}
	switch tree.Op { //nolint:exhaustive // all others have to find something
	case syntax.OpEmptyMatch, syntax.OpStar, syntax.OpQuest:
		return true // what may be absent is found at once
	}
	return false
}

// covers says whether every alarm that fits a later rule fits this one.
func (r AlarmRule) covers(later AlarmRule) bool {
	within := func(wide, narrow []string) bool {
		if len(wide) == 0 {
			return true
		}
		if len(narrow) == 0 {
			return false
		}
		return !slices.ContainsFunc(narrow, func(word string) bool {
			return !slices.ContainsFunc(wide, func(one string) bool { return strings.EqualFold(one, word) })
		})
	}
	if !anyTitle(r.Title) && (later.Title == nil || later.Title.String() != r.Title.String()) {
		return false
	}
	return within(r.Sources, later.Sources) && within(r.Services, later.Services) && within(r.Urgencies, later.Urgencies) &&
		within(r.Priorities, later.Priorities)
}

// alarmRules are the rules as the intake wants them.
func alarmRules(p Practice) alarm.Rules {
	var rules alarm.Rules
	for _, r := range p.Alarms {
		rules = append(rules, alarm.Rule{
			Name:  r.Name,
			Match: alarm.Match{Sources: r.Sources, Services: r.Services, Urgencies: r.Urgencies, Priorities: r.Priorities, Title: r.Title},
			Do:    r.Do, Severity: severityLevel(r.Severity), Invite: r.Invite, Tasks: r.Tasks, Window: r.Window,
		})
	}
	return rules
}
