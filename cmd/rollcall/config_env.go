package main

import (
	"time"

	"github.com/rollcall-bot/rollcall/bot/toggle"
)

//go:generate go test . -run ^TestConfigurationPage$ -update-configuration

// setting is one environment variable. The table below is the one source of what is read and of what
// docs/configuration.md says.
type setting struct {
	name   string
	group  string // the heading it stands under in the document
	doc    string
	def    string // applied when it is not set; empty = off, or said by doc
	secret bool   // its value is never shown
	try    string
	kind   anyKind
	set    func(c *Config, text string) error
}

// settingRow makes a setting of a kind; def, when it has one, is read like any other value.
func settingRow[T any](group, name, def string, k kind[T], field func(*Config) *T, doc string) setting {
	return setting{
		name: name, group: group, def: def, doc: doc, kind: k.erase(), try: k.try, secret: hidesValue[T](),
		set: func(c *Config, text string) error {
			v, err := k.parse(text)
			if err != nil {
				return err
			}
			*field(c) = v
			return nil
		},
	}
}

// hidesValue says whether a type keeps its value to itself.
func hidesValue[T any]() bool {
	var zero T
	switch any(zero).(type) {
	case Secret, []Secret:
		return true
	}
	return false
}

const (
	groupServer    = "Server"
	groupSlack     = "Slack"
	groupIncidents = "Incidents"
	groupSignIn    = "The pages, and signing in to them with Slack"
	groupPagerDuty = "PagerDuty"
	groupRooms     = "Calls at Google Meet and Zoom"
	groupHooks     = "Rollback hooks"
	groupPublic    = "The public status page"
	groupErrors    = "Error reports"

	// configVariable names the file of structured settings; it is read before all others.
	configVariable    = "ROLLCALL_CONFIG"
	callVariable      = "ROLLCALL_CALL"
	templatesVariable = "ROLLCALL_TEMPLATES"
	defaultConfigFile = "rollcall.yaml"
)

// settings are all environment variables that are read, in the order of the document.
var settings = []setting{
	settingRow(groupServer, configVariable, defaultConfigFile, kindPath.like("/etc/rollcall/rollcall.yaml"), func(c *Config) *string { return &c.File },
		"The file with the structured settings. It must exist when this is set."),
	settingRow(groupServer, "ROLLCALL_ADDR", ":8080", kindListenAddr, func(c *Config) *string { return &c.Server.Addr },
		"Listen address. A socket passed by systemd wins."),
	settingRow(groupServer, "ROLLCALL_PUBLIC_URL", "", kindPublicURL, func(c *Config) *string { return &c.Server.PublicURL },
		"How browsers reach it: scheme and host. Without it there are no links to the pages."),
	settingRow(groupServer, "DATABASE_URL", "sqlite:rollcall.db", kindDatabaseURL, func(c *Config) *Secret { return &c.DatabaseURL },
		"Where everything is kept: `sqlite:PATH` or `postgres://…`."),
	settingRow(groupServer, "ROLLCALL_METRICS_ADDR", "", kindListenAddr.like("127.0.0.1:9090"), func(c *Config) *string { return &c.Server.MetricsAddr },
		"A listener of its own for `/metrics`, when it should not be public. Default: the same listener."),
	settingRow(groupServer, "ROLLCALL_SOCKET", "", kindPath.like("/run/rollcall/rollcall.sock"), func(c *Config) *string { return &c.Server.Socket },
		"The socket over which `rollcall do` reaches the running server; only its user can open it. Default: beside the SQLite file as FILE.sock; "+
			"with another database, or where that path is too long for a socket, in `$XDG_RUNTIME_DIR` (else a folder of the user's own below the temporary one)."),
	settingRow(groupServer, "ROLLCALL_SWITCHED_OFF", "", kindFeatures, func(c *Config) *[]toggle.Feature { return &c.SwitchedOff },
		"What is switched off from the start, of announcements, paging, reminders and uploads, separated by commas. Without a restart: `switched_off` in rollcall.yaml. What either names is off."),
	settingRow(groupServer, "ROLLCALL_API_TOKEN", "", kindBearer, func(c *Config) *Secret { return &c.Server.APIToken },
		"Bearer token of the HTTP API. With neither this nor the next the API is off."),
	settingRow(groupServer, "ROLLCALL_API_READ_TOKEN", "", kindBearer, func(c *Config) *Secret { return &c.Server.APIReadToken },
		"Bearer token of the HTTP API that can only read."),
	settingRow(groupServer, "ROLLCALL_ALERT_TOKEN", "", kindBearer, func(c *Config) *Secret { return &c.Server.AlertToken },
		"Bearer token of `/alerts/*`. It must differ from the API's."),
	settingRow(groupServer, "SENTRY_WEBHOOK_SECRET", "", kindSecrets, func(c *Config) *[]Secret { return &c.Sentry.WebhookSecrets },
		"The Client Secret of the Sentry integration that calls `/alerts/sentry`; several, separated by commas, while it is being changed."),

	settingRow(groupSlack, "SLACK_BOT_TOKEN", "", kindSlackToken("xoxb-"), func(c *Config) *Secret { return &c.Slack.BotToken },
		"The bot token, from *OAuth & Permissions*. `serve` needs it."),
	settingRow(groupSlack, "SLACK_APP_TOKEN", "", kindSlackToken("xapp-"), func(c *Config) *Secret { return &c.Slack.AppToken },
		"An app-level token with `connections:write`: switches Socket Mode on."),
	settingRow(groupSlack, "SLACK_SIGNING_SECRET", "", kindSlackToken(""), func(c *Config) *Secret { return &c.Slack.SigningSecret },
		"Switches HTTP on. `serve` needs this or SLACK_APP_TOKEN; both may be set while switching over."),
	settingRow(groupSlack, "SLACK_API_URL", "https://slack.com/api/", kindSlackAPI, func(c *Config) *string { return &c.Slack.APIURL },
		"Another address for Slack's Web API, for a proxy or a stand-in. It ends in `/api/`."),

	settingRow(groupIncidents, "ROLLCALL_INCIDENTS_CHANNEL", "incidents", kindChannel, func(c *Config) *string { return &c.Slack.IncidentsChannel },
		"The announcement channel's name or id."),
	settingRow(groupIncidents, callVariable, "jitsi:https://meet.jit.si", kindCallProviders, func(c *Config) *[]CallProvider { return &c.Practice.Call },
		"Call providers in order, separated by commas: "+callForms()+". A comma inside an address is written `%2C`. "+
			"Default: a public server, where the first to join may have to sign in."),
	settingRow(groupIncidents, "ROLLCALL_RFO_DIR", "rfos", kindPath, func(c *Config) *string { return &c.RFO.Dir },
		"The folder where published RFOs are written as files."),
	settingRow(groupIncidents, "ROLLCALL_RFO_WEBHOOK_SECRET", "", kindBearer, func(c *Config) *Secret { return &c.RFO.WebhookSecret },
		"What the deliveries of `rfo_webhook` are signed with. See [docs/exports.md](exports.md)."),
	settingRow(groupIncidents, "ROLLCALL_RFO_GIT_TOKEN", "", kindSecretOf(kindToken), func(c *Config) *Secret { return &c.RFO.GitToken },
		"A token that may push to the repository of `rfo_git`. See [docs/exports.md](exports.md)."),
	settingRow(groupIncidents, "ROLLCALL_TRACKER_TOKEN", "", kindSecretOf(kindToken), func(c *Config) *Secret { return &c.RFO.TrackerToken },
		"A token that may write the issues of the repository of `tracker`. See [docs/exports.md](exports.md)."),

	settingRow(groupIncidents, templatesVariable, "", kindPath.like("/etc/rollcall/templates"), func(c *Config) *string { return &c.Templates },
		"A folder with your own wording, texts in `message/`, and your own layouts of the RFO, in `rfo/`. See [translating](translating.md)."),

	settingRow(groupSignIn, "SLACK_CLIENT_ID", "", kindToken.like("1234567890.1234567890"), func(c *Config) *string { return &c.SignIn.ClientID },
		"The app's Client ID. This and the next two are set together, with ROLLCALL_PUBLIC_URL; without them the pages are reached by personal one-time links only."),
	settingRow(groupSignIn, "SLACK_CLIENT_SECRET", "", kindSecretOf(kindToken), func(c *Config) *Secret { return &c.SignIn.ClientSecret },
		"The app's Client Secret."),
	settingRow(groupSignIn, "ROLLCALL_SESSION_KEY", "", kindSessionKey, func(c *Config) *Secret { return &c.SignIn.SessionKey },
		"What sessions are sealed with: at least 32 characters that nobody can guess. Changing it signs everybody out."),

	settingRow(groupSignIn, "SLACK_ISSUER_URL", "https://slack.com", kindBaseURL("https://slack.example.org"), func(c *Config) *string { return &c.SignIn.Issuer },
		"Who vouches for people who sign in; another address is for a stand-in."),
	settingRow(groupSignIn, "ROLLCALL_LINK_LIFE", "24h", kindDuration.like("12h"), func(c *Config) *time.Duration { return &c.SignIn.LinkLife },
		"How long a personal link to an incident's page, and the visit that it opens, are good for. Both end with the incident, too."),

	settingRow(groupPagerDuty, "PAGERDUTY_API_TOKEN", "", kindSecretOf(kindToken), func(c *Config) *Secret { return &c.PagerDuty.APIToken },
		"A REST API key: who is on call, and incidents that are opened here."),
	settingRow(groupPagerDuty, "PAGERDUTY_FROM", "", kindEmail, func(c *Config) *string { return &c.PagerDuty.From },
		"The e-mail address of the PagerDuty user in whose name it acts."),
	settingRow(groupPagerDuty, "PAGERDUTY_SERVICE_ID", "", kindPagerdutyID, func(c *Config) *string { return &c.PagerDuty.ServiceID },
		"The PagerDuty service that is paged."),
	settingRow(groupPagerDuty, "PAGERDUTY_ROUTING_KEY", "", kindSecretOf(kindToken), func(c *Config) *Secret { return &c.PagerDuty.RoutingKey },
		"The integration key of an Events API v2 integration."),
	settingRow(groupPagerDuty, "PAGERDUTY_WEBHOOK_SECRET", "", kindSecrets, func(c *Config) *[]Secret { return &c.PagerDuty.WebhookSecrets },
		"The secret of the V3 webhook subscription, unless `rollcall doctor --subscribe` made it and keeps the secret in the database; several, separated by commas, while it is being changed."),
	settingRow(groupPagerDuty, "PAGERDUTY_API_URL", "https://api.pagerduty.com", kindBaseURL("https://api.eu.pagerduty.com"), func(c *Config) *string { return &c.PagerDuty.APIURL },
		"PagerDuty's REST API; the EU service region has its own."),
	settingRow(groupPagerDuty, "PAGERDUTY_EVENTS_URL", "https://events.pagerduty.com", kindBaseURL("https://events.eu.pagerduty.com"), func(c *Config) *string { return &c.PagerDuty.EventsURL },
		"PagerDuty's Events API; the EU service region has its own."),

	settingRow(groupRooms, "ROLLCALL_CALL_ROOMS", "3", kindRooms, func(c *Config) *int { return &c.Rooms.Ready },
		"How many rooms are kept ready for each of `meet` and `zoom`; of Zoom at most one a host. See [docs/calls.md](calls.md)."),
	settingRow(groupRooms, "MEET_CREDENTIALS_FILE", "", kindPath.like("/etc/rollcall/meet.json"), func(c *Config) *string { return &c.Rooms.Meet.KeyFile },
		"The JSON key of a Google service account that may act for MEET_USER."),
	settingRow(groupRooms, "MEET_USER", "", kindEmail.like("incidents@example.org"), func(c *Config) *string { return &c.Rooms.Meet.User },
		"The e-mail address of the user who owns the rooms."),
	settingRow(groupRooms, "MEET_CLIENT_ID", "", kindToken.like("1234-abc.apps.googleusercontent.com"), func(c *Config) *string { return &c.Rooms.Meet.ClientID },
		"Instead of a service account: the Client ID of an OAuth client. This and the next two are set together."),
	settingRow(groupRooms, "MEET_CLIENT_SECRET", "", kindSecretOf(kindToken), func(c *Config) *Secret { return &c.Rooms.Meet.ClientSecret },
		"The OAuth client's secret."),
	settingRow(groupRooms, "MEET_REFRESH_TOKEN", "", kindSecretOf(kindToken), func(c *Config) *Secret { return &c.Rooms.Meet.RefreshToken },
		"A refresh token of the user who owns the rooms."),
	settingRow(groupRooms, "MEET_ACCESS", "open", kindMeetAccess, func(c *Config) *string { return &c.Rooms.Meet.Access },
		"Who gets in without knocking: `open` is whoever has the link, `trusted` the people of the organisation."),
	settingRow(groupRooms, "MEET_API_URL", "https://meet.googleapis.com", kindBaseURL("https://meet.googleapis.com"), func(c *Config) *string { return &c.Rooms.Meet.APIURL },
		"Another address for Google Meet's REST API, for a proxy or a stand-in."),
	settingRow(groupRooms, "MEET_TOKEN_URL", "", kindBaseURL("https://oauth2.googleapis.com/token"), func(c *Config) *string { return &c.Rooms.Meet.TokenURL },
		"Another address for Google's tokens. Default: that of the key, or Google's."),
	settingRow(groupRooms, "ZOOM_ACCOUNT_ID", "", kindToken, func(c *Config) *string { return &c.Rooms.Zoom.AccountID },
		"The Account ID of a server-to-server OAuth app."),
	settingRow(groupRooms, "ZOOM_CLIENT_ID", "", kindToken, func(c *Config) *string { return &c.Rooms.Zoom.ClientID },
		"Its Client ID."),
	settingRow(groupRooms, "ZOOM_CLIENT_SECRET", "", kindSecretOf(kindToken), func(c *Config) *Secret { return &c.Rooms.Zoom.ClientSecret },
		"Its Client Secret."),
	settingRow(groupRooms, "ZOOM_HOSTS", "", kindEmails, func(c *Config) *[]string { return &c.Rooms.Zoom.Hosts },
		"The e-mail addresses of the users who own the rooms, separated by commas. Each can run one call at a time."),
	settingRow(groupRooms, "ZOOM_API_URL", "https://api.zoom.us/v2", kindBaseURL("https://api.zoom.us/v2"), func(c *Config) *string { return &c.Rooms.Zoom.APIURL },
		"Another address for Zoom's API, for a proxy or a stand-in."),
	settingRow(groupRooms, "ZOOM_TOKEN_URL", "https://zoom.us/oauth/token", kindBaseURL("https://zoom.us/oauth/token"), func(c *Config) *string { return &c.Rooms.Zoom.TokenURL },
		"Another address for Zoom's tokens."),

	settingRow(groupHooks, "ROLLCALL_HOOK_SECRET", "", kindBearer, func(c *Config) *Secret { return &c.Hooks.Secret },
		"What the webhooks that roll services back are signed with."),
	settingRow(groupHooks, "ROLLCALL_GITHUB_TOKEN", "", kindSecretOf(kindToken), func(c *Config) *Secret { return &c.Hooks.GitHubToken },
		"A token for workflows that roll services back: a fine-grained one with *Actions: Read and write* for their repositories, and nothing else."),
	settingRow(groupHooks, "ROLLCALL_GITHUB_API_URL", "https://api.github.com", kindBaseURL("https://github.example.org/api/v3"), func(c *Config) *string { return &c.Hooks.GitHubURL },
		"GitHub's REST API; GitHub Enterprise Server has its own."),

	settingRow(groupPublic, "STATUSPAGE_API_KEY", "", kindSecretOf(kindToken), func(c *Config) *Secret { return &c.StatusPage.Key },
		"A key of Atlassian Statuspage's API, for `statuspage` in rollcall.yaml. See [docs/statuspage.md](statuspage.md)."),
	settingRow(groupPublic, "STATUSPAGE_API_URL", "https://api.statuspage.io/v1", kindBaseURL("https://api.statuspage.io/v1"), func(c *Config) *string { return &c.StatusPage.APIURL },
		"Another address for Statuspage's API, for a proxy or a stand-in."),

	settingRow(groupErrors, "SENTRY_DSN", "", kindSentryDSN, func(c *Config) *Secret { return &c.Sentry.DSN },
		"Where errors of the program are reported."),
}

// settingNamed finds a row; nil when there is none.
func settingNamed(name string) *setting {
	for i := range settings {
		if settings[i].name == name {
			return &settings[i]
		}
	}
	return nil
}
