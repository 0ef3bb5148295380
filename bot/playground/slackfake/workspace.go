package slackfake

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// Options say what the workspace and the installed app are like. Whatever is empty gets a value that works.
type Options struct {
	// Now is the clock of the workspace; required.
	Now           func() time.Time
	Team          string // the workspace's name
	BotToken      string
	AppToken      string // of Socket Mode
	SigningSecret string
	Scopes        []string // of the bot token; nil for DefaultScopes
	Events        []string // that the app subscribes to; nil for DefaultEvents
	StrictRates   bool     // answer 429 above Slack's rates
	// PlainCommands is a manifest without should_escape: mentions in commands arrive as typed.
	PlainCommands bool
	FreePlan      bool  // no user groups, no canvases but a channel's own
	Seed          int64 // of faults that happen with a probability
}

// DefaultScopes are the scopes of a bot token when Options name none.
var DefaultScopes = []string{
	"app_mentions:read", "bookmarks:read", "bookmarks:write", "calls:write", "canvases:write", "channels:history",
	"channels:join", "channels:manage", "channels:read", "chat:write", "chat:write.public", "commands", "files:read",
	"files:write", "groups:history", "groups:read", "groups:write", "im:history", "im:read", "im:write", "mpim:read",
	"pins:read", "pins:write", "reactions:read", "reactions:write", "team:read", "usergroups:read", "users:read",
	"users:read.email",
}

// DefaultEvents are the events that the app subscribes to when Options name none.
var DefaultEvents = []string{
	"app_home_opened", "app_mention", "channel_archive", "channel_deleted", "channel_left", "channel_rename",
	"channel_unarchive", "group_archive", "group_deleted", "group_left", "group_rename", "group_unarchive",
	"member_joined_channel", "member_left_channel", "message.im", "reaction_added", "reaction_removed", "team_join",
	"user_change",
}

// Identity is what Slack calls the installed app.
type Identity struct {
	TeamID, TeamName, TeamDomain string
	BotUserID, BotID, AppID      string
}

// Workspace is one Slack workspace with one installed app. It is safe for concurrent use.
type Workspace struct {
	opts   Options
	self   Identity
	faults *standin.Faults[Call]
	ledger ledger
	hub    hub

	mu    sync.Mutex // guards all of state
	state state

	courier courier
	socket  sockets
}

// state is everything that the workspace keeps. Maps are keyed by id.
type state struct {
	world
	counters map[string]int
	people   map[string]*User
	groups   []UserGroup
	triggers map[string]*trigger
	hooks    map[string]*hook
	views    map[string][]*View // stacks by user, the root first
	homes    map[string]*View
	outbox   []*Delivery // events to deliver once the lock is free
	sent     []*Delivery
	switches switches
}

// world is what people see.
type world struct {
	channels   map[string]*channel
	order      []string // ids of channels, oldest first
	ephemerals []*Ephemeral
	files      map[string]*File
	calls      map[string]*PhoneCall // by Slack's id
}

// switches are settings that tests and the demo change while it runs.
type switches struct {
	base, botURL string
	authError    string // answered to every call with a token, such as token_revoked
	restricted   bool   // nobody but administrators may create channels
	deaf         bool   // events are not delivered
	lag          time.Duration
	canvasError  string // answered to every method of canvases
}

// obj is a JSON object.
type obj = map[string]any

// New makes a workspace with a general channel and the bot in it.
func New(o Options) *Workspace {
	o.Team = or(o.Team, "Playground")
	o.BotToken, o.AppToken = or(o.BotToken, "xoxb-test"), or(o.AppToken, "xapp-test")
	o.SigningSecret = or(o.SigningSecret, "signing-test")
	if o.Scopes == nil {
		o.Scopes = DefaultScopes
	}
	if o.Events == nil {
		o.Events = DefaultEvents
	}
	ws := &Workspace{opts: o, state: state{
		world:    world{channels: map[string]*channel{}, files: map[string]*File{}, calls: map[string]*PhoneCall{}},
		counters: map[string]int{}, people: map[string]*User{}, triggers: map[string]*trigger{},
		hooks: map[string]*hook{}, views: map[string][]*View{}, homes: map[string]*View{},
	}}
	ws.self = Identity{
		TeamID: "T0001", TeamName: o.Team, TeamDomain: strings.ToLower(strings.ReplaceAll(o.Team, " ", "-")),
		BotUserID: "U0BOT", BotID: "B0001", AppID: "A0001",
	}
	ws.faults = standin.NewFaults[Call](o.Seed)
	ws.ledger.init()
	ws.hub.init()
	ws.socket.init()
	ws.AddUser(User{ID: ws.self.BotUserID, Name: "rollcall", RealName: "Rollcall", Bot: true, TZ: "UTC"})
	ws.AddChannel("general", false, "")
	return ws
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// Identity returns the ids of the team and the app.
func (ws *Workspace) Identity() Identity { return ws.self }

// BotToken is what the bot calls the Web API with.
func (ws *Workspace) BotToken() string { return ws.opts.BotToken }

// AppToken is the token of Socket Mode.
func (ws *Workspace) AppToken() string { return ws.opts.AppToken }

// SigningSecret signs what is delivered over HTTP.
func (ws *Workspace) SigningSecret() string { return ws.opts.SigningSecret }

// SetURL tells where the workspace itself can be reached, without a path: http://127.0.0.1:1234. Response URLs, upload
// URLs and sockets point there.
func (ws *Workspace) SetURL(base string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.state.switches.base = strings.TrimSuffix(base, "/")
}

// APIURL is what the bot takes as SLACK_API_URL.
func (ws *Workspace) APIURL() string { return ws.base() + "/api/" }

// SetBotURL sets the bot's address as its request URLs; commands, interactions and events go to /slack/… below it. With
// "" they go over Socket Mode.
func (ws *Workspace) SetBotURL(base string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.state.switches.botURL = strings.TrimSuffix(base, "/")
}

func (ws *Workspace) base() string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.state.switches.base
}

// Start serves the workspace on a free port of the loopback interface until ctx ends and returns its API URL.
func (ws *Workspace) Start(ctx context.Context) (apiURL string, err error) {
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen for the stand-in of slack: %w", err)
	}
	ws.SetURL("http://" + l.Addr().String())
	server := &http.Server{Handler: ws, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	go func() { _ = server.Serve(l) }()
	context.AfterFunc(ctx, func() {
		ws.DisconnectAll()
		_ = server.Close()
	})
	return ws.APIURL(), nil
}

// ServeHTTP answers what a bot asks Slack.
func (ws *Workspace) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ws.mu.Lock()
	if ws.state.switches.base == "" {
		ws.state.switches.base = "http://" + r.Host
	}
	ws.mu.Unlock()
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/api/"):
		ws.serveAPI(w, r, strings.TrimPrefix(path, "/api/"))
	case strings.HasPrefix(path, "/hooks/"):
		ws.serveHook(w, r)
	case strings.HasPrefix(path, "/upload/"):
		ws.serveUpload(w, r, strings.TrimPrefix(path, "/upload/"))
	case strings.HasPrefix(path, "/files/"):
		ws.serveFile(w, r, strings.TrimPrefix(path, "/files/"))
	case strings.HasPrefix(path, "/socket/"):
		ws.serveSocket(w, r, strings.TrimPrefix(path, "/socket/"))
	default:
		http.NotFound(w, r)
	}
}

// now is the workspace's time, to the microsecond, which is what Slack's stamps tell.
func (ws *Workspace) now() time.Time { return ws.opts.Now().UTC().Truncate(time.Microsecond) }

// nextID counts up: C0001, then C0002.
func (s *state) nextID(prefix string) string {
	s.counters[prefix]++
	return fmt.Sprintf("%s%04d", prefix, s.counters[prefix])
}

// Restrict forbids the app to create channels, as an administrator can.
func (ws *Workspace) Restrict(on bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.state.switches.restricted = on
}

// SetAuthError answers every call with an error of the token, such as token_revoked; "" for none.
func (ws *Workspace) SetAuthError(code string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.state.switches.authError = code
}

// HoldEvents keeps events back, as when Slack has disabled a subscription. What happens meanwhile is lost to the bot.
func (ws *Workspace) HoldEvents(on bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.state.switches.deaf = on
}

// SetLag makes lists and histories show only what is at least that old on the workspace's clock, as Slack does when a read
// is answered by a copy that is behind.
func (ws *Workspace) SetLag(d time.Duration) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.state.switches.lag = d
}

// SetScopes replaces the scopes of the bot token.
func (ws *Workspace) SetScopes(scopes ...string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.opts.Scopes = slices.Clone(scopes)
}

// encode marshals what is made of maps, strings and numbers only.
func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}
