package main

import (
	"bytes"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/rollcall-bot/rollcall/bot/slackin"
)

func TestTheManifestAsksForWhatIsUsedAndNoMore(t *testing.T) {
	if got, want := slices.Sorted(slices.Values(botEvents)), slackin.Events(); !slices.Equal(got, want) {
		t.Errorf("events %v, but what is taken in is %v", got, want)
	}
	for _, url := range []string{"", "https://rollcall.example.org"} {
		text, err := manifest(url)
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
		// Slack's limits: 35 characters of a name, 140 of a description, 80 of the bot's name.
		if len(m.Display.Name) > 35 || len(m.Display.Description) > 140 || len(m.Features.Bot.Name) > 80 || len(m.Features.Commands[0].Description) > 2000 {
			t.Errorf("%+v", m)
		}
	}
}
