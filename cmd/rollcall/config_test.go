package main

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/toggle"
)

// meetKeyFile holds meetKey, the form of a service account's key.
const (
	meetKeyFile = "meet.json"
	meetKey     = `{"type":"service_account","client_email":"a@example.org","private_key":"x"}`
)

// loadConfig reads settings given as a map, and rollcall.yaml given as text ("" = there is none).
func loadConfig(t testing.TB, env map[string]string, file string) (Config, error) {
	t.Helper()
	var environ []string
	for k, v := range env {
		environ = append(environ, k+"="+v)
	}
	return LoadConfig(
		func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		environ,
		func(name string) ([]byte, error) {
			if name == meetKeyFile {
				return []byte(meetKey), nil
			}
			if file == "" || name != defaultConfigFile {
				return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
			}
			return []byte(file), nil
		})
}

func TestConfigDefaults(t *testing.T) {
	c, err := loadConfig(t, map[string]string{"ROLLCALL_ADDR": " ", "SLACK_BOT_TOKEN": "", "PATH": "/bin"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if c.File != "" || c.Server.Addr != ":8080" || c.DatabaseURL.Reveal() != "sqlite:rollcall.db" || c.RFO.Dir != "rfos" ||
		c.Slack.APIURL != "https://slack.com/api/" || c.Slack.IncidentsChannel != "incidents" || c.Slack.BotToken.IsSet() ||
		c.PagerDuty.APIURL != "https://api.pagerduty.com" || c.PagerDuty.EventsURL != "https://events.pagerduty.com" {
		t.Errorf("defaults: %+v", c)
	}
	p := c.Practice
	if want := []CallProvider{{Kind: "jitsi", URL: "https://meet.jit.si"}}; !slices.Equal(p.Call, want) {
		t.Errorf("call providers %v, want %v", p.Call, want)
	}
	if len(p.Severities) != 4 || p.DefaultSeverity != "sev2" || len(p.DefaultTasks) != 3 || p.DefaultTasks[2].Role != "customer-success" ||
		p.Clocks != (Clocks{2 * time.Minute, 5 * time.Minute, 3 * time.Minute, 20 * time.Minute, 20 * time.Second}) ||
		p.Sprint.Length != 14*24*time.Hour || p.Timezone != time.UTC || len(p.Services) != 0 {
		t.Errorf("practice: %+v", p)
	}
}

// TestConfigEveryVariable sets each variable of the contract and looks for it in the Config.
func TestConfigEveryVariable(t *testing.T) {
	key := strings.Repeat("k", 32)
	env := map[string]string{
		"ROLLCALL_ADDR": "127.0.0.1:80", "ROLLCALL_PUBLIC_URL": "https://r.example.org/", "DATABASE_URL": "postgres://u:p@db/r",
		"ROLLCALL_INCIDENTS_CHANNEL": "#outages", "ROLLCALL_RFO_DIR": "/srv/rfos", "ROLLCALL_API_TOKEN": "api", "ROLLCALL_API_READ_TOKEN": "read",
		"ROLLCALL_ALERT_TOKEN": "alert\n", "ROLLCALL_CALL": "zoom, meet,static:https://x.example.org/j?pwd=1,jitsi:http://127.0.0.1:9/base/",
		"ROLLCALL_METRICS_ADDR": "[::1]:9", "ROLLCALL_SOCKET": "/run/r.sock", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "cs", "ROLLCALL_SESSION_KEY": key,
		"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_APP_TOKEN": "xapp-test", "SLACK_SIGNING_SECRET": "sign", "SLACK_API_URL": "http://127.0.0.1:9/api/",
		"PAGERDUTY_API_TOKEN": "pd", "PAGERDUTY_FROM": "a@example.org", "PAGERDUTY_SERVICE_ID": "PABC123", "PAGERDUTY_ROUTING_KEY": "rk",
		"PAGERDUTY_WEBHOOK_SECRET": "w1, w2", "PAGERDUTY_API_URL": "http://localhost:1/", "PAGERDUTY_EVENTS_URL": "https://events.eu.pagerduty.com",
		"SENTRY_DSN": "https://key@sentry.example.org/1", "ROLLCALL_CONFIG": defaultConfigFile, "ROLLCALL_CALL_ROOMS": "5", "SENTRY_WEBHOOK_SECRET": "s1,s2",
		"MEET_CREDENTIALS_FILE": meetKeyFile, "MEET_USER": "m@example.org", "MEET_CLIENT_ID": "mc", "MEET_CLIENT_SECRET": "ms", "MEET_REFRESH_TOKEN": "mr",
		"MEET_ACCESS": "trusted", "MEET_API_URL": "http://localhost:2/", "MEET_TOKEN_URL": "http://localhost:2/token",
		"ZOOM_ACCOUNT_ID": "za", "ZOOM_CLIENT_ID": "zc", "ZOOM_CLIENT_SECRET": "zs", "ZOOM_HOSTS": "h1@example.org, h2@example.org,h1@example.org",
		"ZOOM_API_URL": "http://localhost:3/v2", "ZOOM_TOKEN_URL": "http://localhost:3/oauth/token",
		"ROLLCALL_SWITCHED_OFF": "Paging, uploads", "ROLLCALL_TEMPLATES": "/srv/words", "ROLLCALL_RFO_WEBHOOK_SECRET": "ws", "ROLLCALL_RFO_GIT_TOKEN": "gt", "ROLLCALL_TRACKER_TOKEN": "tt",
		"SLACK_ISSUER_URL": "http://127.0.0.1:9/", "ROLLCALL_LINK_LIFE": "12h",
		"ROLLCALL_HOOK_SECRET": "hs", "ROLLCALL_GITHUB_TOKEN": "gh", "ROLLCALL_GITHUB_API_URL": "https://github.example.org/api/v3/",
		"STATUSPAGE_API_KEY": "sk", "STATUSPAGE_API_URL": "http://localhost:4/v1/",
	}
	for _, s := range settings {
		if _, ok := env[s.name]; !ok {
			t.Errorf("%s is not set here", s.name)
		}
	}
	c, err := loadConfig(t, env, "sprint: {length: 3w}\n")
	if err != nil {
		t.Fatal(err)
	}
	c.Practice = Practice{Call: c.Practice.Call, Sprint: c.Practice.Sprint}
	want := Config{
		File: defaultConfigFile, DatabaseURL: NewSecret("postgres://u:p@db/r"), RFO: RFOConfig{"/srv/rfos", NewSecret("ws"), NewSecret("gt"), NewSecret("tt")}, Templates: "/srv/words",
		Sentry: SentryConfig{DSN: NewSecret("https://key@sentry.example.org/1"), WebhookSecrets: []Secret{NewSecret("s1"), NewSecret("s2")}},
		Server: ServerConfig{"127.0.0.1:80", "[::1]:9", "https://r.example.org", NewSecret("api"), NewSecret("read"), NewSecret("alert"), "/run/r.sock"},
		Slack:  SlackConfig{NewSecret("xoxb-test"), NewSecret("xapp-test"), NewSecret("sign"), "http://127.0.0.1:9/api/", "outages"},
		SignIn: SignInConfig{"1.2", NewSecret("cs"), NewSecret(key), "http://127.0.0.1:9", 12 * time.Hour},
		PagerDuty: PagerDutyConfig{
			NewSecret("pd"), "a@example.org", "PABC123", NewSecret("rk"),
			[]Secret{NewSecret("w1"), NewSecret("w2")},
			"http://localhost:1", "https://events.eu.pagerduty.com",
		},
		Rooms: RoomsConfig{
			5,
			MeetConfig{meetKeyFile, NewSecret(meetKey), "m@example.org", "mc", NewSecret("ms"), NewSecret("mr"), "trusted", "http://localhost:2", "http://localhost:2/token"},
			ZoomConfig{"za", "zc", NewSecret("zs"), []string{"h1@example.org", "h2@example.org"}, "http://localhost:3/v2", "http://localhost:3/oauth/token"},
		},
		SwitchedOff: []toggle.Feature{toggle.Paging, toggle.Uploads},
		Hooks:       HooksConfig{NewSecret("hs"), NewSecret("gh"), "https://github.example.org/api/v3"},
		StatusPage:  StatusPageConfig{NewSecret("sk"), "http://localhost:4/v1"},
		Practice: Practice{
			Call:   []CallProvider{{"zoom", ""}, {"meet", ""}, {"static", "https://x.example.org/j?pwd=1"}, {"jitsi", "http://127.0.0.1:9/base"}},
			Sprint: Sprint{21 * 24 * time.Hour},
		},
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
}

func TestConfigVariableRefused(t *testing.T) {
	for _, tt := range []struct{ name, value, want string }{
		{"ROLLCALL_CALL", "jitzi:https://m.example.org", `ROLLCALL_CALL: "jitzi:https://m.example.org" is not a call provider (jitsi:BASE-URL, static:URL, meet, zoom); try jitsi:https://meet.example.org`},
		{"ROLLCALL_CALL", "zoom,", `ROLLCALL_CALL: "zoom," is not a call provider (jitsi:BASE-URL, static:URL, meet, zoom); try jitsi:https://meet.example.org`},
		{"ROLLCALL_CALL", "zoom:x", `"zoom:x" is not a call provider`},
		{"ROLLCALL_CALL", "static:http://m.example.org", `must begin with https:// (http:// only on this machine)`},
		{"ROLLCALL_CALL", "static:javascript:alert(1)", `is not a call provider (`},
		{"ROLLCALL_CALL", "jitsi:https://m.example.org?x=1", `must not hold ? or #`},
		{"ROLLCALL_CALL", "jitsi:https://u:p@m.example.org", `must not hold a user name or a password`},
		{"ROLLCALL_SWITCHED_OFF", "paging,updates", `is not one of announcements, paging, reminders, uploads; try paging`},
		{"ROLLCALL_ADDR", "8080", `ROLLCALL_ADDR: "8080" is not a listen address; try :8080`},
		{"ROLLCALL_ADDR", ":99999", `is not a listen address`},
		{"ROLLCALL_ADDR", "http://x:80", `is not a listen address`},
		{"ROLLCALL_PUBLIC_URL", "rollcall.example.org", `is not a web address; try https://rollcall.example.org`},
		{"ROLLCALL_PUBLIC_URL", "http://rollcall.example.org", `must begin with https://`},
		{"ROLLCALL_PUBLIC_URL", "https://example.org/rollcall", `must not hold a path`},
		{"ROLLCALL_INCIDENTS_CHANNEL", "My Incidents", `ROLLCALL_INCIDENTS_CHANNEL: "My Incidents" is not a channel's name or id; try incidents`},
		{"DATABASE_URL", "mysql://u:hunter2@db", `DATABASE_URL: the value (not shown) does not begin with sqlite: or postgres://; try sqlite:rollcall.db or postgres://USER:PASSWORD@HOST/DATABASE`},
		{"DATABASE_URL", "sqlite:", `names no file`},
		{"DATABASE_URL", "sqlite::memory:", `names no file`},
		{"SLACK_BOT_TOKEN", "xapp-hunter2", `SLACK_BOT_TOKEN: the value (not shown) is an app-level token, which belongs in SLACK_APP_TOKEN; try xoxb-…`},
		{"SLACK_BOT_TOKEN", `"xoxb-hunter2"`, `does not begin with xoxb-`},
		{"SLACK_BOT_TOKEN", "xoxb-hunter2 x", `has blanks`},
		{"SLACK_APP_TOKEN", "xoxb-hunter2", `is a bot token, which belongs in SLACK_BOT_TOKEN`},
		{"SLACK_SIGNING_SECRET", "xoxb-hunter2", `is a bot token`},
		{"SLACK_API_URL", "https://slack.com/api", `SLACK_API_URL: "https://slack.com/api" does not end in /api/; try https://slack.com/api/`},
		{"ROLLCALL_SESSION_KEY", "hunter2", `is shorter than 32 characters`},
		{"PAGERDUTY_FROM", "Anna <a@example.org>", `is not an e-mail address; try oncall@example.org`},
		{"PAGERDUTY_WEBHOOK_SECRET", "hunter2,,b", `PAGERDUTY_WEBHOOK_SECRET: the value (not shown) holds an empty secret`},
		{"PAGERDUTY_SERVICE_ID", "my service", `is not a PagerDuty id; try PABC123`},
		{"PAGERDUTY_API_URL", "http://api.example.org", `must begin with https://`},
		{"SENTRY_DSN", "https://sentry.example.org/hunter2", `SENTRY_DSN: the value (not shown) is not a Sentry DSN`},
		{"ROLLCALL_RFO_DIR", "a\x00b", `ROLLCALL_RFO_DIR: "a\x00b" is not a path`},
		{"ROLLCALL_CONFIG", "gone.yaml", `ROLLCALL_CONFIG: "gone.yaml" cannot be read (file does not exist); try /etc/rollcall/rollcall.yaml, or unset it`},
		{"ROLLCALL_ADDR", strings.Repeat("x", 500), strings.Repeat("x", 100) + `…" is not a listen address`},

		{"ROLLCALL_ADR", "hunter2", `ROLLCALL_ADR is not a setting; did you mean ROLLCALL_ADDR?`},
		{"ROLLCALL_SLACK_BOT_TOKEN", "hunter2", `ROLLCALL_SLACK_BOT_TOKEN is not a setting; did you mean SLACK_BOT_TOKEN?`},
		{"ROLLCALL_COLOUR_OF_THE_SKY", "hunter2", `is not a setting; unset it, or see docs/configuration.md for what there is`},
		{"ROLLCALL_PORT", "8080", `ROLLCALL_PORT is not a setting`},
	} {
		_, err := loadConfig(t, map[string]string{tt.name: tt.value}, "")
		mustRefuseConfig(t, tt.name+"="+tt.value, err, tt.want)
	}
}

// mustRefuseConfig wants a *ConfigError of one line with a text in it, and no secret.
func mustRefuseConfig(t *testing.T, what string, err error, want string) {
	t.Helper()
	var config *ConfigError
	if !errors.As(err, &config) {
		t.Errorf("%.60s: error %v, want a ConfigError", what, err)
		return
	}
	if text := err.Error(); !strings.Contains(text, want) || strings.ContainsAny(text, "\n\x00") || strings.Contains(text, "hunter2") {
		t.Errorf("%.60s:\n got  %s\n want %s", what, text, want)
	}
}

func TestConfigVariablesMustFit(t *testing.T) {
	key := strings.Repeat("k", 32)
	for _, tt := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"ROLLCALL_API_TOKEN": "hunter2", "ROLLCALL_ALERT_TOKEN": "hunter2"}, "ROLLCALL_ALERT_TOKEN: the value (not shown) is also that of ROLLCALL_API_TOKEN"},
		{map[string]string{"ROLLCALL_API_READ_TOKEN": "hunter2", "ROLLCALL_ALERT_TOKEN": "hunter2"}, "is also that of ROLLCALL_API_READ_TOKEN"},
		{map[string]string{"ROLLCALL_API_READ_TOKEN": "hunter2", "ROLLCALL_API_TOKEN": "hunter2"}, "ROLLCALL_API_READ_TOKEN: the value"},
		{map[string]string{"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "hunter2"}, "ROLLCALL_SESSION_KEY is not set, but signing in with Slack needs it beside SLACK_CLIENT_ID; set it"},
		{map[string]string{"ROLLCALL_SESSION_KEY": key}, "SLACK_CLIENT_ID is not set, but signing in with Slack needs it beside ROLLCALL_SESSION_KEY"},
		{map[string]string{"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "x", "ROLLCALL_SESSION_KEY": key}, "ROLLCALL_PUBLIC_URL is not set"},
	} {
		_, err := loadConfig(t, tt.env, "")
		mustRefuseConfig(t, tt.want, err, tt.want)
	}
}

// TestConfigForeignVariables: what Kubernetes and the tests put into the environment must not stop the start.
func TestConfigForeignVariables(t *testing.T) {
	c, err := loadConfig(t, map[string]string{
		"ROLLCALL_SERVICE_HOST": "10.0.0.1", "ROLLCALL_SERVICE_PORT": "80", "ROLLCALL_SERVICE_PORT_HTTP": "80", "ROLLCALL_PORT": "tcp://10.0.0.1:80",
		"ROLLCALL_PORT_80_TCP": "tcp://10.0.0.1:80", "ROLLCALL_PORT_80_TCP_PROTO": "tcp", "ROLLCALL_PORT_80_TCP_PORT": "80", "ROLLCALL_PORT_80_TCP_ADDR": "10.0.0.1",
		"ROLLCALL_WEB_SERVICE_HOST": "10.0.0.1", "ROLLCALL_WEB_PORT": "tcp://10.0.0.1:80", "ROLLCALL_TEST_POSTGRES": "postgres://x", "ROLLCALL_OLD": "",
		"ROLLCALL_METRICS_ADDR": ":8080",
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	if c.Server.Addr != ":8080" || c.Server.MetricsAddr != "" {
		t.Errorf("the same address twice is one listener, got %q and %q", c.Server.Addr, c.Server.MetricsAddr)
	}
}

func TestConfigReadyToServe(t *testing.T) {
	for _, tt := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{}, "SLACK_BOT_TOKEN is not set"},
		{map[string]string{"SLACK_BOT_TOKEN": "xoxb-test"}, "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set"},
		{map[string]string{"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_APP_TOKEN": "xapp-test"}, ""},
		{map[string]string{"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_SIGNING_SECRET": "s"}, ""},
	} {
		c, err := loadConfig(t, tt.env, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.ReadyToServe(); (tt.want == "" && err != nil) || (tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want))) {
			t.Errorf("%v: %v, want %q", slices.Collect(maps.Keys(tt.env)), err, tt.want)
		}
	}
}

// TestConfigTableIsSound: every row is readable in the document and its example is a good value.
func TestConfigTableIsSound(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range settings {
		if seen[s.name] || s.doc == "" || s.group == "" || s.try == "" {
			t.Errorf("%s is given twice, or lacks its doc, group or example", s.name)
		}
		seen[s.name] = true
		if err := s.set(&Config{}, s.try); err != nil && !s.secret {
			t.Errorf("%s: its example %q is refused: %v", s.name, s.try, err)
		}
	}
	for name, k := range fileKinds {
		if v, err := k.parse(k.try); err != nil || reflect.TypeOf(v) != k.gives {
			t.Errorf("the example %q of %s gives %v, %v", k.try, name, v, err)
		}
	}
	for _, f := range practiceFields(reflect.TypeFor[Practice](), "") {
		if f.doc == "" || f.as == "" && !f.section {
			t.Errorf("%s lacks its doc or its kind", f.key)
		}
		if f.as == "" {
			continue
		}
		if k, ok := fileKinds[f.as]; !ok || k.gives != f.holds {
			t.Errorf("%s: the kind %q gives %v, the field holds %v", f.key, f.as, k.gives, f.holds)
		} else if _, err := k.parse(f.try); err != nil {
			t.Errorf("%s: its example %q is refused: %v", f.key, f.try, err)
		}
	}
}

func TestConfigExampleFile(t *testing.T) {
	content, err := os.ReadFile("testdata/config/rollcall.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(t, nil, string(content))
	if err != nil {
		t.Fatal(err)
	}
	p := c.Practice
	if c.File != defaultConfigFile || p.DefaultSeverity != "sev1" || p.Severities[1].RFOWithin != 7*24*time.Hour || !slices.Equal(p.Services[0].Related, []string{"payments", "ledger"}) ||
		p.Stakeholders.Executives[1] != "U012ABCDEF" || p.Phones[0] != (Phone{"On call, payments", "+49 30 1234567"}) || p.Timezone.String() != "Europe/Berlin" {
		t.Errorf("practice: %+v", p)
	}
	if p.Clocks != (Clocks{time.Minute, 4 * time.Minute, 3 * time.Minute, 20 * time.Minute, 20 * time.Second}) {
		t.Errorf("clocks that are not given keep their default, got %+v", p.Clocks)
	}
	if want := []string{"meet.example.org", "*.zoom.us", "example.zoom.us"}; !slices.Equal(p.CallHosts, want) {
		t.Errorf("call hosts %v, want %v", p.CallHosts, want)
	}
	if c, err = loadConfig(t, map[string]string{"ROLLCALL_CALL": "static:https://x.example.org"}, string(content)); err != nil || !slices.Equal(c.Practice.Call, []CallProvider{{"static", "https://x.example.org"}}) {
		t.Errorf("the environment wins: %v, %v", c.Practice.Call, err)
	}
}
