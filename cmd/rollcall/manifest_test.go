package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/rollcall-bot/rollcall/bot/slackin"
)

func TestTheManifestAsksForWhatIsUsedAndNoMore(t *testing.T) {
	// docs.slack.dev names, with each event, the scopes of which it needs one.
	needs := map[string]string{
		"app_home_opened": "", "app_mention": "app_mentions:read", "channel_": "channels:read", "group_": "groups:read", "member_": "channels:read",
		"message.channels": "channels:history", "message.groups": "groups:history", "reaction_": "reactions:read",
		"team_join": "users:read", "user_change": "users:read",
	}
	scopes := scopeNames(Practice{})
	for _, e := range slackin.Events() {
		known := false
		for prefix, scope := range needs {
			if strings.HasPrefix(e, prefix) {
				known = true
				if scope != "" && !slices.Contains(scopes, scope) {
					t.Errorf("the event %s needs the scope %s", e, scope)
				}
			}
		}
		if !known {
			t.Errorf("which scope does the event %s need?", e)
		}
	}
	if slices.Contains(scopes, "reactions:read") != slices.Contains(slackin.Events(), "reaction_added") {
		t.Error("reactions are asked for and not used, or the other way round")
	}
	for _, url := range []string{"", "https://rollcall.example.org"} {
		text, err := manifest(url, Practice{})
		if err != nil {
			t.Fatal(err)
		}
		var m slackManifest
		d := yaml.NewDecoder(bytes.NewReader(text))
		d.KnownFields(true)
		if err := d.Decode(&m); err != nil {
			t.Fatal(err)
		}
		if m.Settings.Socket == (url != "") || (m.Features.Commands[0].URL != "") != (url != "") || !m.Features.Commands[0].Escape {
			t.Errorf("%q: %+v", url, m)
		}
		if back := strings.Join(m.OAuth.Redirect, " "); back != "" != (url != "") || url != "" && back != url+"/sign-in/callback" {
			t.Errorf("%q: people who sign in come back to %q", url, back)
		}
		if len(m.Features.Shortcuts) != 4 {
			t.Errorf("shortcuts %+v", m.Features.Shortcuts)
		}
		for _, s := range m.Features.Shortcuts { // Slack's limits: 24 characters of a name, 150 of a description
			if len(s.Name) > 24 || len(s.Description) > 150 || s.ID == "" || s.Type != "global" && s.Type != "message" {
				t.Errorf("%+v", s)
			}
		}
		// Slack's limits: 35 characters of a name, 140 of a description, 80 of the bot's name.
		if len(m.Display.Name) > 35 || len(m.Display.Description) > 140 || len(m.Features.Bot.Name) > 80 || len(m.Features.Commands[0].Description) > 2000 {
			t.Errorf("%+v", m)
		}
	}
}
