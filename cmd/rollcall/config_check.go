package main

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/calls"
)

// checkConfig refuses values that are good by themselves but do not fit together.
func checkConfig(c *Config, file *fileReader) error {
	for _, one := range []func(*Config, *fileReader) *ConfigError{
		checkTokens, checkSignIn, checkSeverities, checkTasks, checkServices, checkHooks, checkClocks, checkMonitors, checkAlarms, checkChecks, checkPaging, checkRooms, checkExports, checkStatusPage, checkBots,
	} {
		if e := one(c, file); e != nil {
			return e
		}
	}
	return nil
}

// checkTokens keeps one token from opening two doors.
func checkTokens(c *Config, _ *fileReader) *ConfigError {
	s := c.Server
	differ := func(name string, a Secret, other string, b Secret) *ConfigError {
		if !a.IsSet() || a.Reveal() != b.Reveal() {
			return nil
		}
		return &ConfigError{Key: name, What: "the value (not shown)", Why: "is also that of " + other, Try: "try " + kindBearer.try + ", once for each"}
	}
	if e := differ("ROLLCALL_API_READ_TOKEN", s.APIReadToken, "ROLLCALL_API_TOKEN", s.APIToken); e != nil {
		return e
	}
	if e := differ("ROLLCALL_ALERT_TOKEN", s.AlertToken, "ROLLCALL_API_TOKEN", s.APIToken); e != nil {
		return e
	}
	return differ("ROLLCALL_ALERT_TOKEN", s.AlertToken, "ROLLCALL_API_READ_TOKEN", s.APIReadToken)
}

// checkSignIn wants all of what signing in needs, or nothing.
func checkSignIn(c *Config, _ *fileReader) *ConfigError {
	parts := []struct {
		name string
		set  bool
	}{
		{"SLACK_CLIENT_ID", c.SignIn.ClientID != ""},
		{"SLACK_CLIENT_SECRET", c.SignIn.ClientSecret.IsSet()},
		{"ROLLCALL_SESSION_KEY", c.SignIn.SessionKey.IsSet()},
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
	if set == "" {
		return nil
	}
	if missing == "" && c.Server.PublicURL == "" {
		missing = "ROLLCALL_PUBLIC_URL"
	}
	if missing == "" {
		return nil
	}
	return &ConfigError{Key: missing, Why: "is not set, but signing in with Slack needs it beside " + set, Try: "set it, try " + settingNamed(missing).try + ", or unset " + set}
}

// checkSeverities wants the default to be one of those in use.
func checkSeverities(c *Config, file *fileReader) *ConfigError {
	p := c.Practice
	if len(p.Severities) == 0 {
		return file.misfit("severities", "", "is empty", "name at least one, try \"- name: sev2\"")
	}
	var names []string
	for _, s := range p.Severities {
		names = append(names, s.Name)
	}
	if !slices.IsSorted(names) {
		return file.misfit("severities", "", "is not in order", "put the gravest first: sev1, sev2, sev3, sev4")
	}
	if !slices.Contains(names, p.DefaultSeverity) {
		return file.misfit("default_severity", p.DefaultSeverity, "is none of the severities ("+strings.Join(names, ", ")+")", "try "+names[0])
	}
	return nil
}

// checkTasks wants a task's role to exist. The built-in tasks adapt to roles that were replaced.
func checkTasks(c *Config, file *fileReader) *ConfigError {
	var names []string
	for i, r := range c.Practice.Roles {
		if r.Name == "leader" {
			return file.misfit(fmt.Sprintf("roles[%d].name", i), r.Name, "is built in", "leave it out")
		}
		names = append(names, r.Name)
	}
	for i := range c.Practice.DefaultTasks {
		task := &c.Practice.DefaultTasks[i]
		if task.Role == "" || task.Role == "leader" || slices.Contains(names, task.Role) {
			continue
		}
		if !file.given("default_tasks") {
			task.Role = ""
			continue
		}
		return file.misfit(fmt.Sprintf("default_tasks[%d].role", i), task.Role, "is none of the roles (leader"+commaBefore(names)+")", "add it under roles")
	}
	return nil
}

// checkServices wants related services to exist.
func checkServices(c *Config, file *fileReader) *ConfigError {
	var names []string
	for _, s := range c.Practice.Services {
		names = append(names, s.Name)
	}
	for i, s := range c.Practice.Services {
		for j, related := range s.Related {
			key := fmt.Sprintf("services[%d].related[%d]", i, j)
			if related == s.Name {
				return file.misfit(key, related, "is the service itself", "remove it")
			}
			if slices.Contains(names, related) {
				continue
			}
			try := "add it under services"
			if near := nearestName(related, names); near != "" {
				try = "did you mean " + near + "?"
			}
			return file.misfit(key, related, "is none of the services", try)
		}
	}
	return nil
}

// checkClocks wants the second reminder to come second.
func checkClocks(c *Config, file *fileReader) *ConfigError {
	k := c.Practice.Clocks
	if k.LeaderNominate > k.LeaderAsk {
		return nil
	}
	ask, nominate := formatDuration(k.LeaderAsk), formatDuration(k.LeaderNominate)
	if file.given("clocks.leader_nominate") {
		return file.misfit("clocks.leader_nominate", nominate, "is not later than leader_ask ("+ask+")", "try "+formatDuration(2*k.LeaderAsk))
	}
	return file.misfit("clocks.leader_ask", ask, "is not earlier than leader_nominate ("+nominate+")", "set that one too, try "+formatDuration(2*k.LeaderAsk))
}

// commaBefore joins names to a list that has begun.
func commaBefore(names []string) string {
	var b strings.Builder
	for _, n := range names {
		b.WriteString(", " + n)
	}
	return b.String()
}

// misfit makes the error for a value of the file, or of the defaults where the file does not give it.
func (r *fileReader) misfit(key, value, why, try string) *ConfigError {
	e := &ConfigError{File: r.name, Line: r.lines[key], Key: plainKey(key), Why: why, Try: try}
	if value != "" {
		e.What = quoteValue(value)
	}
	return e
}

// host is the host of a provider's links.
func (p CallProvider) host() string {
	if k, ok := calls.KindNamed(p.Kind); ok && k.Host != "" {
		return k.Host // and all below it
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// ReadyToServe says what `rollcall serve` still needs; other commands do without it.
func (c *Config) ReadyToServe() error {
	if !c.Slack.BotToken.IsSet() {
		return errors.New("SLACK_BOT_TOKEN is not set; serve needs the bot token that begins with xoxb- (`rollcall demo` needs nothing)")
	}
	if !c.Slack.AppToken.IsSet() && !c.Slack.SigningSecret.IsSet() {
		return errors.New("neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set; serve needs the first for Socket Mode (no public address) or the second for HTTP")
	}
	return nil
}
