package main

import (
	"strings"
	"testing"
)

func TestPagingSettingsFitTogether(t *testing.T) {
	whole := map[string]string{"PAGERDUTY_API_TOKEN": "pd-token-test", "PAGERDUTY_FROM": "rollcall@example.org", "PAGERDUTY_SERVICE_ID": "PABC123"}
	for missing := range whole {
		env := map[string]string{}
		for name, value := range whole {
			if name != missing {
				env[name] = value
			}
		}
		if _, err := loadConfig(t, env, ""); err == nil || !strings.Contains(err.Error(), missing+" is not set, but paging") {
			t.Errorf("without %s: %v", missing, err)
		}
	}
	const file = "services:\n  - name: checkout\n    pagerduty: PDEF456\n    page_on_open: yes\n  - name: cart\n"
	_, err := loadConfig(t, nil, file)
	if err == nil || !strings.Contains(err.Error(), "rollcall.yaml:4: services[].page_on_open") {
		t.Errorf("a page that nobody can send: %v", err)
	}
	key := strings.Repeat("f", 32)
	own := "services:\n  - name: checkout\n    routing_key: " + key + "\n"
	if _, err := loadConfig(t, nil, own); err == nil || !strings.Contains(err.Error(), "rollcall.yaml:3: services[].routing_key") || strings.Contains(err.Error(), key) {
		t.Errorf("a key for one service only: %v", err)
	}
	if _, err := loadConfig(t, whole, strings.Replace(own, "ff", "", 1)); err == nil || !strings.Contains(err.Error(), "is not a routing key") || strings.Contains(err.Error(), "ffffff") {
		t.Errorf("a short key: %v", err)
	}
	c, err := loadConfig(t, whole, own)
	if o := testProgram(nil).pagerOptions(c); err != nil || o.RoutingKeys["checkout"] != key {
		t.Errorf("%v %v", o.RoutingKeys, err)
	}
	c, err = loadConfig(t, whole, file)
	if err != nil {
		t.Fatal(err)
	}
	p := policy(c)
	if !p.Paging.On || !p.Services[0].PageOnOpen || p.Services[0].PagerDuty != "PDEF456" || p.Services[1].PageOnOpen {
		t.Errorf("%+v", p.Services)
	}
	ids := pagerServices(c)
	if ids[""] != "PABC123" || ids["cart"] != "PABC123" || ids["checkout"] != "PDEF456" {
		t.Errorf("%v", ids)
	}
	if _, err := loadConfig(t, whole, "services:\n  - name: a\n    page_on_open: maybe\n"); err == nil || !strings.Contains(err.Error(), "is not yes or no") {
		t.Error(err)
	}
}
