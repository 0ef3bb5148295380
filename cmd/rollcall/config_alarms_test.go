package main

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/alarm"
)

// alarmsConfig reads a rollcall.yaml of these lines, where PagerDuty and monitors can reach us.
func alarmsConfig(lines ...string) (Config, error) {
	return alarmsConfigWith(map[string]string{"PAGERDUTY_WEBHOOK_SECRET": "a-secret-of-webhooks", "ROLLCALL_ALERT_TOKEN": strings.Repeat("a", 32)}, lines...)
}

// alarmsConfigWith reads a rollcall.yaml of these lines in some environment.
func alarmsConfigWith(env map[string]string, lines ...string) (Config, error) {
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	return LoadConfig(lookup, nil, func(string) ([]byte, error) {
		if len(lines) == 0 {
			return nil, fs.ErrNotExist
		}
		return []byte(strings.Join(lines, "\n") + "\n"), nil
	})
}

func TestAlarmRulesAreRead(t *testing.T) {
	c, err := alarmsConfig("alarms:", "  - name: page", "    sources: [pagerduty]", "    urgencies: [high]", "    title: (?i)checkout",
		"    do: open", "    severity: sev1", "    invite: [ana@example.org]", "    tasks: [Look at the dashboard]", "    window: 15m",
		"  - name: rest", "    do: suggest")
	if err != nil {
		t.Fatal(err)
	}
	rules := alarmRules(c.Practice)
	if len(rules) != 2 || rules[0].Do != alarm.Open || rules[0].Severity != 1 || !rules[0].Title.MatchString("the CHECKOUT") ||
		rules[0].Window.Minutes() != 15 || rules[1].Severity != 0 || rules[1].Title != nil {
		t.Errorf("rules: %+v", rules)
	}
}

func TestAlarmRulesThatCannotBeAreRefusedWithTheirLine(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"no action", []string{"alarms:", "  - name: page"}, []string{":2:", "do"}},
		{"an unknown action", []string{"alarms:", "  - name: page", "    do: wake"}, []string{":3:", `"wake"`, "open, suggest, attach, ignore"}},
		{"an unknown key", []string{"alarms:", "  - name: page", "    do: open", "    servise: [x]"}, []string{":4:", "servise"}},
		{"a bad pattern", []string{"alarms:", "  - name: page", "    do: open", "    title: '(?='"}, []string{":4:", "regular expression"}},
		{"an unused severity", []string{"alarms:", "  - name: page", "    do: ignore", "    severity: sev1"}, []string{":4:", "of no use", "ignore"}},
		{"a window without opening", []string{"alarms:", "  - name: page", "    do: suggest", "    window: 5m"}, []string{":4:", "of no use"}},
		{"behind one that fits all", []string{"alarms:", "  - name: all", "    do: suggest", "  - name: page", "    urgencies: [high]", "    do: open"}, []string{":4:", `"page"`, "can never match", `"all"`}},
		{"a part of an earlier one", []string{"alarms:", "  - name: a", "    urgencies: [high, low]", "    do: open", "  - name: b", "    urgencies: [HIGH]", "    services: [db]", "    do: open"}, []string{":5:", "can never match"}},
		{"behind one whose title may be anything", []string{"alarms:", "  - name: all", "    title: (.*)", "    do: suggest", "  - name: page", "    do: open"}, []string{":5:", "can never match"}},
		{"an empty pattern", []string{"alarms:", "  - name: page", "    do: open", "    title: ''"}, []string{":4:", "has no value"}},
		{"an empty word", []string{"alarms:", "  - name: page", "    do: open", "    services: [db, '']"}, []string{":4:", "has no value"}},
		{"an unknown source", []string{"alarms:", "  - name: page", "    sources: [pagerduty, grafanna]", "    do: open"}, []string{":3:", `"grafanna"`, "can never match", "did you mean grafana?"}},
		{"the checks that there are not", []string{"alarms:", "  - name: page", "    sources: [synthetic]", "    do: open"}, []string{":3:", "there are no checks"}},
		{"an urgency that PagerDuty has not", []string{"alarms:", "  - name: page", "    sources: [pagerduty]", "    urgencies: [high, critical]", "    do: open"}, []string{":4:", `"critical"`, "high and low"}},
		{"a name twice", []string{"alarms:", "  - name: a", "    urgencies: [high]", "    do: open", "  - name: a", "    do: open"}, []string{"twice"}},
	} {
		_, err := alarmsConfig(c.lines...)
		if err == nil {
			t.Errorf("%s is taken", c.name)
			continue
		}
		for _, part := range c.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", c.name, err, part)
			}
		}
	}
}

func TestTheExampleOfAlarmsInTheDocumentsIsRead(t *testing.T) {
	doc, err := os.ReadFile("../../docs/pagerduty.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, ok := strings.Cut(string(doc), "```yaml\nalarms:")
	example, _, end := strings.Cut(example, "```")
	if !ok || !end {
		t.Fatal("docs/pagerduty.md has no example of alarms")
	}
	if c, err := alarmsConfig("alarms:" + example); err != nil || len(c.Practice.Alarms) < 3 {
		t.Errorf("the example gives %d rules: %v", len(c.Practice.Alarms), err)
	}
}

func TestARuleForWhatCannotReachUsIsRefusedWithItsLine(t *testing.T) {
	token := strings.Repeat("b", 32)
	rule := func(sources string, more ...string) []string {
		return append([]string{"alarms:", "  - name: page", "    sources: [" + sources + "]", "    do: open"}, more...)
	}
	monitor := func(name, key string) []string {
		return []string{"monitors:", "  - name: " + name, "    " + key + ": " + token}
	}
	for _, c := range []struct {
		name  string
		env   map[string]string
		lines []string
		want  string // of the error; "" when it is taken
	}{
		{"grafana without a token", nil, rule("grafana"), "set ROLLCALL_ALERT_TOKEN"},
		{"grafana with the shared one", map[string]string{"ROLLCALL_ALERT_TOKEN": token}, rule("grafana"), ""},
		{"grafana with its own", nil, rule("Grafana", monitor("grafana", "token")...), ""},
		{"grafana where another has one", nil, rule("grafana", monitor("alertmanager", "token")...), "set ROLLCALL_ALERT_TOKEN"},
		{"sentry without a secret", nil, rule("sentry"), "set SENTRY_WEBHOOK_SECRET"},
		{"sentry with one", map[string]string{"SENTRY_WEBHOOK_SECRET": token}, rule("sentry"), ""},
		{"sentry with its own", nil, rule("sentry", monitor("sentry", "secret")...), ""},
		{"pagerduty that is not there", nil, rule("pagerduty"), "set PAGERDUTY_WEBHOOK_SECRET"},
		{"none of several", nil, rule("grafana, sentry, pagerduty"), "nobody can send alarms from grafana, sentry, pagerduty"},
		{"one of several", map[string]string{"SENTRY_WEBHOOK_SECRET": token}, rule("grafana, sentry"), ""},
		{"from anywhere", nil, []string{"alarms:", "  - name: page", "    do: open"}, ""},
	} {
		_, err := alarmsConfigWith(c.env, c.lines...)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s is refused: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), ":3:") || !strings.Contains(err.Error(), "can never match") || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
