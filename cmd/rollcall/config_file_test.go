package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestConfigFileRefused(t *testing.T) {
	for _, tt := range []struct{ file, want string }{
		{"a: [", "rollcall.yaml is not YAML (line 1: "},
		{"sprint: {}\n---\nsprint: {}\n", "rollcall.yaml holds more than one document; remove the second ---"},
		{"- a\n", "rollcall.yaml:1 is a list where keys are expected; the keys here are severities, default_severity"},
		{"just text", "is a single value (\"just text\") where keys are expected"},
		{"\n\nseveritys: []\n", "rollcall.yaml:3: severitys is not a setting; did you mean severities?"},
		{"colour: red", "rollcall.yaml:1: colour is not a setting; the keys here are severities,"},
		{"slack_bot_token: hunter2", "slack_bot_token is not a setting; it is read from the environment only"},
		{"addr: ':80'", "addr is not a setting; it is read from the environment only, as ROLLCALL_ADDR"},
		{"? \"a\\nb\"\n: 1", "rollcall.yaml:1: a?b is not a setting"},
		{"<<: {timezone: UTC}", "<< is not a setting"},
		{"timezone: UTC\ntimezone: UTC", "rollcall.yaml:2: timezone is given twice; remove one of the two"},
		{"timezone: Mars/Olympus", `rollcall.yaml:1: timezone: "Mars/Olympus" is not a time zone's name; try Europe/Berlin`},
		{"timezone: Local", "is not a time zone's name"},
		{"timezone:", "rollcall.yaml:1: timezone has no value; try Europe/Berlin, or remove the key"},
		{"timezone: ''", "timezone has no value"},
		{"timezone: [UTC]", "timezone is a list, not a time zone's name; try Europe/Berlin"},
		{"timezone: !!str UTC", "timezone has a tag (!!str); write the value without it"},
		{"clocks:\n  leader_ask: 2 minutes\n", `rollcall.yaml:2: clocks.leader_ask: "2 minutes" is not a duration (numbers with w, d, h, m, s); try 30m`},
		{"clocks:\n  leader_ask: 120\n", `"120" is not a duration`},
		{"clocks:\n  leader_ask: 0m\n", `"0m" is no time at all`},
		{"clocks:\n  leader_ask: 99999w\n", "is more than two years"},
		{"clocks:", "clocks is empty where keys are expected"},
		{"clocks: {leader_nominate: 2m}", `clocks.leader_nominate: "2m" is not later than leader_ask (2m); try 4m`},
		{"clocks: {leader_ask: 10m}", `clocks.leader_ask: "10m" is not earlier than leader_nominate (5m); set that one too, try 20m`},
		{"severities: []", "rollcall.yaml:1: severities is empty; name at least one"},
		{"severities: {name: sev1}", "severities is a section with keys, not a list; begin each entry"},
		{"severities: [{name: sev5}]", `severities[].name: "sev5" is not one of sev1, sev2, sev3, sev4`},
		{"severities:\n  - name: sev1\n  - name: sev1\n", `rollcall.yaml:3: severities[].name is given twice: "sev1"; remove one of the two`},
		{"severities: [{name: sev2}, {name: sev1}]", "severities is not in order; put the gravest first"},
		{"severities: [{name: sev1}]", `rollcall.yaml: default_severity: "sev2" is none of the severities (sev1); try sev1`},
		{"severities: [{description: x}]", `severities[] has no name; add "name: sev2"`},
		{"default_tasks:\n  - text: x\n    role: chief\n", `rollcall.yaml:3: default_tasks[].role: "chief" is none of the roles (leader, scribe, customer-success); add it under roles`},
		{"default_tasks: [x]", `default_tasks[] is a single value ("x") where keys are expected; the keys here are text, role`},
		{"default_tasks: [{text: \"a\\nb\"}]", `"a\nb" is not text on one line`},
		{"roles: [{name: leader}]", `roles[].name: "leader" is built in; leave it out`},
		{"services: [{name: Check Out}]", `services[].name: "Check Out" is not a service's name`},
		{"services:\n  - name: checkout\n  - name: payments\n    related: [chekout]\n", `rollcall.yaml:4: services[].related[]: "chekout" is none of the services; did you mean checkout?`},
		{"services: [{name: a, related: [a]}]", "is the service itself"},
		{"call: jitsi:https://x.example.org", `call is a single value ("jitsi:https://x.example.org"), not a list`},
		{"call: [jitzi]", `call[]: "jitzi" is not a call provider (jitsi:BASE-URL, static:URL, meet, zoom); try jitsi:https://meet.example.org`},
		{"stakeholders: {executives: ['@anna']}", `stakeholders.executives[]: "@anna" is not a Slack user id or an e-mail address; try U012ABCDEF`},
		{"phones: [{name: Anna, number: anna}]", `phones[].number: "anna" is not a phone number; try +49 30 1234567`},
		{"phones: [{name: Anna}]", `phones[] has no number; add "number: +49 30 1234567"`},
		{"call_hosts: [https://x.example.org]", `"https://x.example.org" is not a host name; try meet.example.org`},
		{"call_hosts: ['*.com']", "is not a host name"},
	} {
		_, err := loadConfig(t, nil, tt.file)
		mustRefuseConfig(t, tt.file, err, tt.want)
	}
}

func TestConfigFileTaken(t *testing.T) {
	for _, file := range []string{
		"# nothing but words\n",
		"---\n",
		"null",
		"timezone: &zone Europe/Berlin\n",
		"services: [{name: a, owner: &o team}, {name: b, owner: *o}]",
		"phones: [{name: 112, number: 112}]",
		"roles: [{name: scribe}]", // the built-in tasks do without the role that is gone
	} {
		if c, err := loadConfig(t, nil, file); err != nil {
			t.Errorf("%q: %v", file, err)
		} else if strings.HasPrefix(file, "roles") && (len(c.Practice.DefaultTasks) != 3 || c.Practice.DefaultTasks[2].Role != "") {
			t.Errorf("%q: tasks %+v", file, c.Practice.DefaultTasks)
		}
	}
}

// FuzzConfigFile: whatever the file holds, it is taken or refused in one line, and what is taken is sound.
func FuzzConfigFile(f *testing.F) {
	for _, seed := range []string{string(defaultPractice), "a: &a [*a]", "severities: &s\n- *s\n", "<<: *x", "? [a]\n: b", "services: [{name: a, related: [a]}]", "\xff", "--- !!map\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		if file == "" {
			return
		}
		c, err := loadConfig(t, nil, file)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		if len(c.Practice.Severities) == 0 || c.Practice.Timezone == nil || c.Practice.Clocks.LeaderNominate <= c.Practice.Clocks.LeaderAsk {
			t.Errorf("taken: %+v", c.Practice)
		}
	})
}

func TestDurationIsReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(1, int64(maxDuration/time.Second)).Draw(t, "seconds")) * time.Second
		if got, err := kindDuration.parse(formatDuration(d)); err != nil || got != d {
			t.Fatalf("%v is written %s and read %v, %v", d, formatDuration(d), got, err)
		}
	})
	for text, want := range map[string]time.Duration{"2w": 336 * time.Hour, "1h30m": 90 * time.Minute, "90m": 90 * time.Minute, "1d12h": 36 * time.Hour} {
		if got, err := kindDuration.parse(text); err != nil || got != want {
			t.Errorf("%s is read %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "m", "30", "-5m", "1.5h", "30m1h", "5M", "5 m", "1y"} {
		if got, err := kindDuration.parse(text); err == nil {
			t.Errorf("%q is read %v, want a refusal", text, got)
		}
	}
}

func TestSecretIsNeverPrinted(t *testing.T) {
	secret := NewSecret("hunter2")
	hidden := struct {
		Shown  Secret
		inside Secret
		list   []Secret
	}{secret, secret, []Secret{secret}}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10s"} {
		fmt.Fprintf(&out, verb+verb+verb+"\n", secret, &secret, hidden)
	}
	encoded, err := json.Marshal(map[string]any{"a": secret, "b": hidden, "c": map[Secret]int{secret: 1}})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(encoded)
	for _, h := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(h).Info("x", "a", secret, "b", hidden, "c", &secret)
	}
	if strings.Contains(out.String(), "hunter2") || strings.Contains(out.String(), "68756e74657232") {
		t.Errorf("shown:\n%s", out.String())
	}
	if !strings.Contains(out.String(), redactedSecret) || secret.Reveal() != "hunter2" {
		t.Errorf("not marked, or lost:\n%s", out.String())
	}
	if s := NewSecret(""); s.IsSet() || s.String() != "" || s.Reveal() != "" {
		t.Errorf("an empty secret is not set, got %v", s)
	}
}
