package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/rollcall-bot/rollcall/bot/pages"
	"github.com/rollcall-bot/rollcall/bot/slackin"
)

type manifestCmd struct {
	URL string
}

func (c *manifestCmd) flags(f *pflag.FlagSet) {
	f.StringVar(&c.URL, "url", "", "Public address of this server, for HTTP, such as `https://rollcall.example.org`. Without it the manifest is for Socket Mode, which needs none.")
}

// Run prints the manifest.
func (c *manifestCmd) Run(_ context.Context, p *program) error {
	if c.URL != "" {
		url, err := kindPublicURL.parse(c.URL)
		if err != nil {
			return refuseValue("--url", c.URL, false, kindPublicURL.erase(), kindPublicURL.try, err)
		}
		c.URL = url
	}
	// The app is made before there are settings; what cannot be read asks for no more.
	settings, err := p.config()
	if err != nil {
		_, _ = fmt.Fprintf(p.stderr, "The settings cannot be read, so this is the manifest of the defaults: %v\n", err)
	}
	text, err := manifest(c.URL, settings.Practice)
	if err != nil {
		return err
	}
	_, err = p.stdout.Write(text)
	return err
}

// scope is a permission that the app asks for, and what for.
type scope struct{ name, why string }

// botScopes are asked for whatever the app subscribes to.
var botScopes = []scope{
	{"app_mentions:read", "commands given as @Rollcall …, which work in threads"},
	{"bookmarks:read", "to find the call's bookmark before setting it"},
	{"bookmarks:write", "the call as a bookmark of the incident's channel"},
	{"channels:history", "to look whether a message whose reply was lost is there, before sending it again"},
	{"channels:manage", "to create the incident's channel, invite people, set topic and purpose, archive it"},
	{"channels:read", "to find the announcement channel, and to hear who came and went"},
	{"chat:write", "cards, tasks, decisions, answers"},
	{"chat:write.public", "the announcement channel, without being invited to it"},
	{"commands", "/incident and the shortcuts"},
	{"files:read", "to look whether an upload whose reply was lost is there, before sharing it again"},
	{"files:write", "the RFO as a file"},
	{"groups:history", "as channels:history, of private incidents"},
	{"groups:read", "as channels:read, of private incidents"},
	{"groups:write", "as channels:manage, of private incidents"},
	{"im:history", "as channels:history, of direct messages"},
	{"im:write", "direct messages, when a channel cannot be used"},
	{"pins:write", "to pin the summary"},
	{"users:read", "names, time zones, and who is a guest"},
	{"users:read.email", "to know the same person in PagerDuty"},
}

// eventScopes are asked for only while the app subscribes to an event that needs
// them, by what the event's name begins with.
var eventScopes = map[string]scope{
	"reaction_": {"reactions:read", "to hear of a pin or a box on a message of an incident's channel, and to read that message"},
}

// optionalScopes are asked for only by who wants what they are for.
var optionalScopes = []struct {
	scope
	setting string
	wanted  func(Practice) bool
}{
	{scope{"calls:write", "the call as Slack's own block, which ends with the incident"}, "call_block", func(p Practice) bool { return p.CallBlock }},
	{scope{"canvases:write", "the RFO as the canvas of its channel"}, "rfo_canvas", func(p Practice) bool { return p.RFOCanvas }},
}

// scopesFor are the scopes of an app that subscribes to these events and is used as p says.
func scopesFor(events []string, p Practice) []scope {
	all := slices.Clone(botScopes)
	for _, one := range optionalScopes {
		if one.wanted(p) {
			all = append(all, one.scope)
		}
	}
	for prefix, s := range eventScopes {
		if slices.ContainsFunc(events, func(e string) bool { return strings.HasPrefix(e, prefix) }) {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b scope) int { return strings.Compare(a.name, b.name) })
	return all
}

// The manifest's parts, as Slack names them.
type (
	slackManifest struct {
		Display  manifestDisplay  `yaml:"display_information"`
		Features manifestFeatures `yaml:"features"`
		OAuth    manifestOAuth    `yaml:"oauth_config"`
		Settings manifestSettings `yaml:"settings"`
	}
	manifestDisplay struct {
		Name        string `yaml:"name"`
		Description string `yaml:"description"`
		Color       string `yaml:"background_color"`
	}
	manifestFeatures struct {
		Home      manifestHome       `yaml:"app_home"`
		Bot       manifestBot        `yaml:"bot_user"`
		Shortcuts []manifestShortcut `yaml:"shortcuts"`
		Commands  []manifestCommand  `yaml:"slash_commands"`
	}
	manifestHome struct {
		Tab      bool `yaml:"home_tab_enabled"`
		Messages bool `yaml:"messages_tab_enabled"` // direct messages come there
		ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
	}
	manifestShortcut struct {
		Name        string `yaml:"name"`
		Type        string `yaml:"type"` // global or message
		ID          string `yaml:"callback_id"`
		Description string `yaml:"description"`
	}
	manifestBot struct {
		Name   string `yaml:"display_name"`
		Online bool   `yaml:"always_online"`
	}
	manifestCommand struct {
		Command     string `yaml:"command"`
		URL         string `yaml:"url,omitempty"`
		Description string `yaml:"description"`
		Hint        string `yaml:"usage_hint"`
		Escape      bool   `yaml:"should_escape"`
	}
	manifestOAuth struct {
		Redirect []string            `yaml:"redirect_urls,omitempty"`
		Scopes   map[string][]string `yaml:"scopes"`
	}
	manifestSettings struct {
		Events        manifestEvents      `yaml:"event_subscriptions"`
		Interactivity manifestInteraction `yaml:"interactivity"`
		OrgDeploy     bool                `yaml:"org_deploy_enabled"`
		Socket        bool                `yaml:"socket_mode_enabled"`
		Rotation      bool                `yaml:"token_rotation_enabled"`
	}
	manifestEvents struct {
		URL string   `yaml:"request_url,omitempty"`
		Bot []string `yaml:"bot_events"`
	}
	manifestInteraction struct {
		Enabled bool   `yaml:"is_enabled"`
		URL     string `yaml:"request_url,omitempty"`
	}
)

// manifest is the app's manifest: for HTTP at a public address, for Socket Mode
// without one.
func manifest(url string, practice Practice) ([]byte, error) {
	at := func(path string) string {
		if url == "" {
			return ""
		}
		return url + path
	}
	var back []string // where people who sign in to the pages come back to
	if url != "" {
		back = []string{at(pages.CallbackPath)}
	}
	m := slackManifest{
		Display: manifestDisplay{Name: "Rollcall", Description: "Runs incidents, from the first minute to the RFO", Color: "#7a1f2b"},
		Features: manifestFeatures{
			Home: manifestHome{Tab: true, Messages: true, ReadOnly: true},
			Bot:  manifestBot{Name: "rollcall", Online: true}, Shortcuts: manifestShortcuts(),
			Commands: []manifestCommand{{
				// Escaped, mentions arrive as ids: a plain @name could be anybody's.
				Command: "/incident", URL: at("/slack/commands"), Description: "Open an incident, or say what happens in it", Hint: "open TITLE | help", Escape: true,
			}},
		},
		OAuth: manifestOAuth{Redirect: back, Scopes: map[string][]string{"bot": scopeNames(practice)}},
		Settings: manifestSettings{
			Events:        manifestEvents{URL: at("/slack/events"), Bot: slackin.Events()},
			Interactivity: manifestInteraction{Enabled: true, URL: at("/slack/interactions")},
			Socket:        url == "",
		},
	}
	var out strings.Builder
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(m); err != nil {
		return nil, err
	}
	return []byte(out.String()), e.Close()
}

func manifestShortcuts() []manifestShortcut {
	var list []manifestShortcut
	for _, s := range slackin.Shortcuts() {
		one := manifestShortcut{Name: s.Name, Type: "global", ID: s.ID, Description: s.Description}
		if s.OnMessage {
			one.Type = "message"
		}
		list = append(list, one)
	}
	return list
}

// scopeNames are the scopes of the bot's token.
func scopeNames(practice Practice) []string {
	var names []string
	for _, s := range scopesFor(slackin.Events(), practice) {
		names = append(names, s.name)
	}
	return names
}
