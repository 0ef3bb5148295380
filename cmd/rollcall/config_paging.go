package main

import "fmt"

// checkPaging wants all of what PagerDuty's REST API needs, or nothing, and no
// service that asks for a page that nobody could send.
func checkPaging(c *Config, file *fileReader) *ConfigError {
	parts := []struct {
		name string
		set  bool
	}{
		{"PAGERDUTY_API_TOKEN", c.PagerDuty.APIToken.IsSet()},
		{"PAGERDUTY_FROM", c.PagerDuty.From != ""},
		{"PAGERDUTY_SERVICE_ID", c.PagerDuty.ServiceID != ""},
	}
	set, missing := "", ""
	for _, p := range parts {
		if p.set && set == "" {
			set = p.name
		}
		if !p.set && missing == "" {
			missing = p.name
		}
	}
	if set != "" && missing != "" {
		return &ConfigError{Key: missing, Why: "is not set, but paging by PagerDuty's REST API needs it beside " + set, Try: "set it, try " + settingNamed(missing).try + ", or unset " + set}
	}
	for i, s := range c.Practice.Services {
		if s.RoutingKey.IsSet() && !c.PagerDuty.pages() {
			return file.misfit(fmt.Sprintf("services[%d].routing_key", i), "", "pages for this service only, and nothing pages for the others",
				"set PAGERDUTY_ROUTING_KEY too, or PAGERDUTY_API_TOKEN, PAGERDUTY_FROM and PAGERDUTY_SERVICE_ID")
		}
		if s.PageOnOpen && !c.PagerDuty.pages() {
			return file.misfit(fmt.Sprintf("services[%d].page_on_open", i), "yes", "asks for a page, and there is no PagerDuty",
				"set PAGERDUTY_API_TOKEN, PAGERDUTY_FROM and PAGERDUTY_SERVICE_ID, or leave it out")
		}
	}
	return nil
}
