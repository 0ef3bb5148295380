package main

import "time"

// Config is all that an operator can set. It is made by LoadConfig, which has checked every value, and it says nothing
// of how the parts of the program want it: the wiring translates.
type Config struct {
	// File is the rollcall.yaml that was read; empty when there is none.
	File        string
	Server      ServerConfig
	DatabaseURL Secret // sqlite:PATH or postgres://…; secret because the latter holds a password
	RFO         RFOConfig
	Templates   string // folder with texts and layouts that stand in place of ours; empty = none
	Slack       SlackConfig
	SignIn      SignInConfig
	PagerDuty   PagerDutyConfig
	Sentry      SentryConfig
	SwitchedOff []feature // by the environment; Practice has those of the file
	Rooms       RoomsConfig
	Hooks       HooksConfig
	StatusPage  StatusPageConfig
	Practice    Practice
}

// SentryConfig is what Rollcall and Sentry tell each other.
type SentryConfig struct {
	DSN            Secret   // where our own errors are reported; not set = nowhere
	WebhookSecrets []Secret // sign Sentry's alerts; any of them may have
}

// ServerConfig is where the program listens and who may speak to it. Tokens that are not set switch their part off.
type ServerConfig struct {
	Addr         string // host:port; the host may be empty
	MetricsAddr  string // host:port of a listener of its own; empty = /metrics is on Addr
	PublicURL    string // without a slash at the end; empty = unknown
	APIToken     Secret
	APIReadToken Secret
	AlertToken   Secret
	Socket       string // path of the socket for the command line; empty = derived from the database
}

// SlackConfig is how Slack is reached, and how it reaches us: Socket Mode with AppToken, HTTP with SigningSecret, or both.
type SlackConfig struct {
	BotToken         Secret
	AppToken         Secret
	SigningSecret    Secret
	APIURL           string // ends in /api/
	IncidentsChannel string // a name without #, or an id
}

// SignInConfig is for the pages. Of the id, the secret and the key, which are for signing in with Slack, all are set or
// none.
type SignInConfig struct {
	ClientID     string
	ClientSecret Secret
	SessionKey   Secret
	Issuer       string        // who vouches for people; without a slash at the end
	LinkLife     time.Duration // of personal links, which need no sign-in
}

// PagerDutyConfig is how PagerDuty is reached and recognised.
type PagerDutyConfig struct {
	APIToken       Secret
	From           string // the e-mail address that PagerDuty's REST API asks for
	ServiceID      string
	RoutingKey     Secret
	WebhookSecrets []Secret // any of them may have signed a webhook
	APIURL         string   // without a slash at the end
	EventsURL      string   // without a slash at the end
}

// RoomsConfig is how call providers are reached that make rooms ahead of need.
type RoomsConfig struct {
	Ready int // how many are kept ready for each
	Meet  MeetConfig
	Zoom  ZoomConfig
}

// MeetConfig is in whose name rooms are made at Google Meet: a service account acting for User, or a user's own refresh
// token.
type MeetConfig struct {
	KeyFile      string
	Key          Secret // what KeyFile holds; read only when Meet is one of the call providers
	User         string
	ClientID     string
	ClientSecret Secret
	RefreshToken Secret
	Access       string // open or trusted
	APIURL       string // without a slash at the end
	TokenURL     string // empty for the key's own, or Google's
}

// ZoomConfig is in whose name rooms are made at Zoom.
type ZoomConfig struct {
	AccountID    string
	ClientID     string
	ClientSecret Secret
	Hosts        []string // e-mail addresses
	APIURL       string   // without a slash at the end
	TokenURL     string
}

// CallProvider is one entry of the call providers, tried in order.
type CallProvider struct {
	Kind string // the name of a calls.Kind
	URL  string // its argument: a base address has no slash at the end; else empty
}

// Practice is how this company handles incidents: what rollcall.yaml holds. The tags are the one source from which
// the file is read (key, as, need) and docs/configuration.md is written (doc, try).
type Practice struct {
	Severities      []Severity     `key:"severities" doc:"The severities in use, the gravest first; at most four."`
	DefaultSeverity string         `key:"default_severity" as:"severity" doc:"The severity of an incident that is opened without one."`
	DefaultTasks    []DefaultTask  `key:"default_tasks" doc:"The tasks that every incident begins with."`
	Services        []Service      `key:"services" doc:"What can be bleeding and rolled back. With none given, any name can be used."`
	RollbackBy      []string       `key:"rollback_by" as:"person" doc:"Who may have Rollcall run the rollback hooks of services, whatever their part in the incident."`
	Roles           []Role         `key:"roles" doc:"Roles beside the leader, who is built in."`
	Clocks          Clocks         `key:"clocks" doc:"When somebody is reminded."`
	Sprint          Sprint         `key:"sprint" doc:"The rhythm by which actions of an RFO are followed up."`
	WeeklyDigest    bool           `key:"weekly_digest" as:"yes or no" doc:"Whether the announcement channel is told on Monday at 9:00 of timezone which actions are open and overdue and which RFOs are owed; nothing when there is nothing, and nothing private."`
	Call            []CallProvider `key:"call" as:"call provider" doc:"Call providers in order, as in ROLLCALL_CALL, which wins when both are given."`
	CallBlock       bool           `key:"call_block" as:"yes or no" doc:"Whether each call is shown in its channel as Slack's own block for calls too, from which people join with one press and which ends with the incident. Slack wants the scope calls:write for it: with this set, rollcall manifest asks for it, and the app has to be installed again."`
	Stakeholders    Stakeholders   `key:"stakeholders" doc:"Who hears of an incident without working on it."`
	Alarms          []AlarmRule    `key:"alarms" doc:"What an alarm leads to; the first rule that fits counts, and an alarm that fits none is left alone. Without any rule every alarm is suggested."`
	Monitors        []Monitor      `key:"monitors" doc:"Sources of alerts with a token, a secret or a body of their own. Those of ROLLCALL_ALERT_TOKEN need none."`
	Checks          []SiteCheck    `key:"checks" doc:"Addresses that Rollcall looks at itself; one that fails is an alarm, from synthetic."`
	Phones          []Phone        `key:"phones" doc:"Whom to phone when paging fails; shown with the failure."`
	OpsChannel      string         `key:"ops_channel" as:"channel" doc:"The channel, by name or id, in which the program reports its own errors: at most one message a minute and kind. Without it they are in the log, and in Sentry with SENTRY_DSN; what lasts and concerns everybody, such as alarms of PagerDuty's that do not come, is then told in the announcement channel, once, unless there is Sentry."`
	SwitchedOff     []feature      `key:"switched_off" as:"feature" doc:"What is switched off in an emergency, of announcements, paging, reminders and uploads; docs/runbook.md says what each means. It is read again while running, within seconds."`
	Timezone        *time.Location `key:"timezone" as:"time zone" doc:"The zone of times typed by somebody whose own is unknown, and the second column of an RFO."`
	CallHosts       []string       `key:"call_hosts" as:"host name" doc:"Hosts that a link given to /incident call may have, beside those of the call providers."`
	RFOWebhook      RFOWebhook     `key:"rfo_webhook" doc:"An address that every published RFO is sent to, signed with ROLLCALL_RFO_WEBHOOK_SECRET; see [docs/exports.md](exports.md)."`
	RFOGit          RFOGit         `key:"rfo_git" doc:"A git repository that every published RFO is committed to, with ROLLCALL_RFO_GIT_TOKEN; see [docs/exports.md](exports.md)."`
	RFOCanvas       bool           `key:"rfo_canvas" as:"yes or no" doc:"Whether every published RFO is the canvas of its channel, too. Slack wants the scope canvases:write for it: with this set, rollcall manifest asks for it, and the app has to be installed again; see [docs/exports.md](exports.md)."`
	Tracker         TrackerConfig  `key:"tracker" doc:"Where each action of an incident that is neither private nor a drill gets an issue of its own; see [docs/exports.md](exports.md)."`
	Bots            []RobotRule    `key:"bots" doc:"Other bots in the workspace that may give a few commands by mentioning Rollcall; every other bot is ignored. They are never answered, and limited to six commands a minute."`
	StatusPage      StatusPage     `key:"statuspage" doc:"The public status page at Atlassian Statuspage. Nothing goes there without a person's press."`
	Outgoing        Outgoing       `key:"outgoing" doc:"Where Rollcall may call for what is chosen in this file. Public addresses are reached anyway, others only with a word here."`
}

// Severity is one degree of gravity.
type Severity struct {
	Name        string        `key:"name" as:"severity" need:"yes" doc:"Which one."`
	Description string        `key:"description" as:"text" try:"Customers cannot pay" doc:"When to choose it, shown where it is chosen."`
	UpdateEvery time.Duration `key:"update_every" as:"duration" doc:"How often an update is due until it is over. Without it none is asked for."`
	RFOWithin   time.Duration `key:"rfo_within" as:"duration" try:"5d" doc:"How long after resolving the RFO is due. Without it no deadline is set."`
	RFOApproval string        `key:"rfo_approval" as:"approval" doc:"Who has to approve of the RFO before it is published: another (not whoever writes it), anybody, or nobody."`
}

// DefaultTask is a task that every incident begins with.
type DefaultTask struct {
	Text string `key:"text" as:"text" need:"yes" try:"Find the surface of the bleeding" doc:"The task, verb first."`
	Role string `key:"role" as:"role" try:"customer-success" doc:"Which of the roles it belongs to."`
}

// Service is something that can be bleeding, be paged for and be rolled back.
type Service struct {
	Name       string   `key:"name" as:"service" need:"yes" doc:"As typed in commands."`
	Owner      string   `key:"owner" as:"text" try:"payments team" doc:"Who to ask: a team, a person, a channel."`
	Related    []string `key:"related" as:"service" doc:"Services to look at and roll back together with this one."`
	PagerDuty  string   `key:"pagerduty" as:"PagerDuty id" doc:"The PagerDuty service whose on-call is paged for it. Without it that of PAGERDUTY_SERVICE_ID."`
	RoutingKey Secret   `key:"routing_key" as:"routing key" doc:"The key of its own Events API v2 integration, by which its on-call is paged when PagerDuty's REST API does not. Without it PAGERDUTY_ROUTING_KEY, which may be another service's."`
	PageOnOpen bool     `key:"page_on_open" as:"yes or no" doc:"Whether its on-call is paged when somebody opens an incident with it. An alarm has paged already, a drill pages nobody."`
	Component  string   `key:"statuspage_component" as:"Statuspage id" doc:"Its component on the public status page, whose state follows what is published of an incident."`
	Rollback   Rollback `key:"rollback" doc:"What rolls it back when one of rollback_by says so: a webhook, a workflow or a command."`
}

// Role is a part that somebody takes in an incident.
type Role struct {
	Name        string `key:"name" as:"role" need:"yes" doc:"One word."`
	Description string `key:"description" as:"text" try:"Keeps the timeline" doc:"What the person does."`
}

// Clocks are the reminders whose time can be chosen.
type Clocks struct {
	LeaderAsk      time.Duration `key:"leader_ask" as:"duration" try:"2m" doc:"After opening, without a leader: the channel is asked who leads."`
	LeaderNominate time.Duration `key:"leader_nominate" as:"duration" try:"5m" doc:"After opening, still without a leader: one is nominated."`
	HandoverRemind time.Duration `key:"handover_remind" as:"duration" try:"3m" doc:"After naming a leader who has not accepted: a reminder."`
	LeaderSilent   time.Duration `key:"leader_silent" as:"duration" try:"20m" doc:"While sev1 or sev2 is open: the leader has given no command and neither written nor reacted in the channel for so long, and is asked for once."`
	UpdateHold     time.Duration `key:"update_hold" as:"duration" try:"20s" doc:"How long an update is shown before it is sent, so that it can be stopped."`
}

// Sprint is the rhythm of the follow-up.
type Sprint struct {
	Length time.Duration `key:"length" as:"duration" try:"2w" doc:"An action open for two of these must be escalated or dropped."`
}

// Stakeholders are people who are told.
type Stakeholders struct {
	Executives      []string `key:"executives" as:"person" doc:"Who gets the update for executives."`
	CustomerSuccess []string `key:"customer_success" as:"person" doc:"Who looks after the customers that are hit."`
}

// Phone is a number to call when nothing else works.
type Phone struct {
	Name   string `key:"name" as:"text" need:"yes" try:"On call, payments" doc:"Whose it is."`
	Number string `key:"number" as:"phone number" need:"yes" doc:"With the country's code."`
}
