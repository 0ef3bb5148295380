package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/checks"
)

func TestChecksAreRead(t *testing.T) {
	c, err := alarmsConfig("checks:", "  - name: Shop front", "    url: http://10.0.0.7:8080/health", "    every: 10s", "  - name: Search", "    url: https://search.example.org/?q=x",
		"    method: POST", "    every: 5m", "    timeout: 20s", "    status: [200, 3xx]", "    text: found", "    failures: 1", "    service: search", "    severity: sev1",
		"alarms:", "  - name: all of them", "    sources: [synthetic]", "    do: open")
	if err != nil {
		t.Fatal(err)
	}
	got := c.Practice.siteChecks()
	want := checks.Check{
		Name: "Search", URL: "https://search.example.org/?q=x", Method: "POST", Every: 5 * time.Minute, Timeout: 20 * time.Second, Status: []string{"200", "3xx"},
		Text: "found", Failures: 1, Service: "search", Severity: 1,
	}
	if len(got) != 2 || got[0].Method != "GET" || got[0].Timeout != 10*time.Second || !slices.Equal(got[0].Status, []string{"2xx"}) || got[0].Failures != 3 ||
		got[1].Name != want.Name || got[1].URL != want.URL || got[1].Method != want.Method || got[1].Every != want.Every || got[1].Timeout != want.Timeout ||
		!slices.Equal(got[1].Status, want.Status) || got[1].Text != want.Text || got[1].Failures != 1 || got[1].Service != want.Service || got[1].Severity != 1 {
		t.Errorf("checks: %+v", got)
	}
}

func TestChecksThatCannotBeAreRefusedWithTheirLine(t *testing.T) {
	check := func(lines ...string) []string {
		return append([]string{"checks:", "  - name: Shop", "    url: https://shop.example.org"}, lines...)
	}
	for _, c := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"no address", []string{"checks:", "  - name: Shop"}, []string{":2:", "has no url"}},
		{"an address of nothing", []string{"checks:", "  - name: Shop", "    url: shop.example.org"}, []string{":3:", "begins with https://"}},
		{"a password", []string{"checks:", "  - name: Shop", "    url: https://ana:x@shop.example.org"}, []string{":3:", "name or password"}},
		{"too often", check("    every: 5s"), []string{":4:", `"5s"`, "between 10s and 1d"}},
		{"a long time to wait", check("    timeout: 2m", "    every: 5m"), []string{":4:", "more than 1m"}},
		{"longer than its interval", check("    every: 10s", "    timeout: 20s"), []string{":5:", "more than 10s"}},
		{"an unknown method", check("    method: DELETE"), []string{":4:", "one of GET"}},
		{"no status", check("    status: [ok]"), []string{":4:", "a status of HTTP"}},
		{"no failures", check("    failures: 0"), []string{":4:", "from 1 to 100"}},
		{"the text of a head", check("    method: HEAD", "    text: well"), []string{":5:", "can never be found"}},
		{"an unknown service", check("    service: chekout", "services: [{name: checkout}]"), []string{":4:", "did you mean checkout?"}},
		{"an unknown severity", check("    severity: sev4", "severities: [{name: sev2}]", "default_severity: sev2"), []string{":4:", "none of the severities"}},
		{"a rule for none of them", check("alarms:", "  - name: page", "    sources: [pagerduty]", "    do: open"), []string{":2:", "leads to nothing"}},
		{"a rule for a service of none", check("    service: shop", "alarms:", "  - name: page", "    sources: [synthetic]", "    services: [blog]", "    do: open", "  - name: rest", "    do: suggest"), []string{":6:", `"page"`, "none of the checks"}},
		{"the same name", check("  - name: Shop", "    url: https://b.example.org"), []string{":4:", "twice"}},
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
