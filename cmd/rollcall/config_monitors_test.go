package main

import (
	"os"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/alerts"
)

// own is a token in a file; nobody's.
const own = "    token: " + "a-token-of-its-own"

func TestMonitorsAreRead(t *testing.T) {
	c, err := alarmsConfig("monitors:", "  - name: uptime", "    kind: generic", own, "    fields:", "      fingerprint: monitor.id", "      state: /monitor/up.now",
		"      firing: [down, 0]", "      resolved: [up]", "  - name: sentry", "    secret: "+"of-the-integration", "alarms:", "  - name: page", "    sources: [uptime]", "    do: open")
	if err != nil {
		t.Fatal(err)
	}
	got := c.Practice.sources()
	if len(got) != 2 || got[0].Kind != alerts.Generic || got[0].Token != "a-token-of-its-own" || strings.Join(got[0].Fields.State, "|") != "monitor|up.now" ||
		got[0].Fields.Firing[1] != "0" || got[1].Kind != alerts.Sentry || got[1].Secrets[0] != "of-the-integration" || got[1].Fields != nil {
		t.Errorf("sources: %+v", got)
	}
}

func TestMonitorsThatCannotBeAreRefusedWithTheirLine(t *testing.T) {
	fields := func(lines ...string) []string {
		return append([]string{"monitors:", "  - name: uptime", "    kind: generic", own, "    fields:"}, lines...)
	}
	for _, c := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"no name", []string{"monitors:", "  - kind: generic"}, []string{":2:", "name"}},
		{"no kind", []string{"monitors:", "  - name: uptime", own}, []string{":2:", `"uptime"`, "has no kind"}},
		{"an unknown kind", []string{"monitors:", "  - name: uptime", "    kind: nagios"}, []string{":3:", `"nagios"`, "alertmanager, grafana, sentry, generic"}},
		{"a kind under another's name", []string{"monitors:", "  - name: grafana", "    kind: generic", own}, []string{":3:", "not what the name says"}},
		{"a built-in name", []string{"monitors:", "  - name: synthetic", "    kind: generic", own}, []string{":2:", "built in"}},
		{"no token at all", []string{"monitors:", "  - name: uptime", "    kind: generic"}, []string{":2:", "by nobody", "ROLLCALL_ALERT_TOKEN"}},
		{"a secret that signs nothing", []string{"monitors:", "  - name: grafana", own, "    secret: x"}, []string{":4:", "signs nothing"}},
		{"fields of a known body", []string{"monitors:", "  - name: grafana", own, "    fields:", "      fingerprint: a", "      state: b", "      firing: [c]"}, []string{":5:", "whose body is known"}},
		{"no path", fields("      fingerprint: a..b", "      state: b", "      firing: [c]"), []string{":6:", `"a..b"`, "is no path"}},
		{"no state", fields("      fingerprint: a", "      firing: [c]"), []string{":6:", "has no state"}},
		{"nothing that fires", fields("      fingerprint: a", "      state: b", "      firing: []"), []string{":8:", "is empty"}},
		{"no list of what fires", fields("      fingerprint: a", "      state: b"), []string{":6:", `add "firing: [down]"`}},
		{"a word for both", fields("      fingerprint: a", "      state: b", "      firing: [Down, x]", "      resolved: [up, down]"), []string{":9:", `"down"`, "also given under firing"}},
		{"an unknown field", fields("      fingerprint: a", "      state: b", "      firing: [c]", "      titel: d"), []string{":9:", "did you mean title?"}},
		{"one token for two", []string{"monitors:", "  - name: grafana", own, "  - name: sentry", own}, []string{":5:", "also that of the monitor grafana"}},
	} {
		_, err := alarmsConfigWith(nil, c.lines...)
		if err == nil {
			t.Errorf("%s is taken", c.name)
			continue
		}
		for _, part := range c.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", c.name, err, part)
			}
		}
		if strings.Contains(err.Error(), "a-token-of") {
			t.Errorf("%s: the token is shown: %s", c.name, err)
		}
	}
}

func TestATokenThatIsNoneIsNotShown(t *testing.T) {
	_, err := alarmsConfig("monitors:", "  - name: grafana", "    token: two words")
	if err == nil || strings.Contains(err.Error(), "two words") || !strings.Contains(err.Error(), ":3:") {
		t.Errorf("refused as %v", err)
	}
}

func TestAMonitorsTokenIsNotTheAPIs(t *testing.T) {
	for _, name := range []string{"ROLLCALL_API_TOKEN", "ROLLCALL_API_READ_TOKEN", "ROLLCALL_ALERT_TOKEN"} {
		_, err := loadConfig(t, map[string]string{name: "a-token-of-its-own"}, "monitors:\n  - name: grafana\n"+own+"\n")
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), ":3:") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheExamplesOfMonitorsInTheDocumentsAreRead(t *testing.T) {
	doc, err := os.ReadFile("../../docs/alerts.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := strings.Split(string(doc), "```yaml\n")[1:]
	if len(examples) == 0 {
		t.Skip("docs/alerts.md has no example yet")
	}
	for _, one := range examples {
		one, _, _ = strings.Cut(one, "```")
		if _, err := loadConfig(t, map[string]string{"ROLLCALL_ALERT_TOKEN": "for-all"}, one); err != nil {
			t.Errorf("%v in\n%s", err, one)
		}
	}
}
