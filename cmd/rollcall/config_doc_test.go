package main

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

var updateConfiguration = flag.Bool("update-configuration", false, "write docs/configuration.md from the settings")

// practiceField is one key of rollcall.yaml.
type practiceField struct {
	key, as, try, doc, need string
	holds                   reflect.Type // of one value
	list, section           bool
}

// practiceFields lists the keys of a section and of all below it, in the order of the document.
func practiceFields(section reflect.Type, prefix string) []practiceField {
	var all []practiceField
	for i := range section.NumField() {
		tag := section.Field(i).Tag
		f := practiceField{key: prefix + tag.Get("key"), as: tag.Get("as"), try: exampleOf(tag), doc: tag.Get("doc"), need: tag.Get("need"), holds: section.Field(i).Type}
		if f.holds.Kind() == reflect.Slice {
			f.list, f.holds = true, f.holds.Elem()
		}
		f.section = f.as == "" && f.holds.Kind() == reflect.Struct
		all = append(all, f)
		switch {
		case f.section && f.list:
			all = append(all, practiceFields(f.holds, f.key+"[].")...)
		case f.section:
			all = append(all, practiceFields(f.holds, f.key+".")...)
		}
	}
	return all
}

const configurationHead = `<!-- Code generated from cmd/rollcall/config_env.go and config_types.go by "go generate ./cmd/rollcall"; DO NOT EDIT. -->

# Configuration

Rollcall needs no setting for the demo and two tokens for Slack. Everything is checked before it starts: an unknown key, an unknown
variable that begins with ROLLCALL_, or a bad value stops it with one line that says what to write instead, such as

    ROLLCALL_CALL: "jitzi:https://meet.example.org" is not a call provider (jitsi:BASE-URL, static:URL, meet, zoom); try jitsi:https://meet.example.org
    rollcall.yaml:12: clocks.leader_ask: "2 minutes" is not a duration (numbers with w, d, h, m, s); try 30m

Values come from the environment first, then from rollcall.yaml for what is structured. A variable that is empty counts as not set, and
blanks around a value are dropped. Addresses are https; http is taken for this machine only.

## Environment

Secrets are read from the environment, but for those of ` + "`monitors`" + ` below, and are never shown: in logs and messages they read ` + "`[secret]`" + `.
`

const configurationFile = `
## rollcall.yaml

The path is in ROLLCALL_CONFIG; without it, rollcall.yaml in the working directory is read if it is there. A list that is given replaces the
default as a whole; in a section, keys that are not given keep theirs.

Durations are numbers with units, the largest first: 20s, 30m, 1h30m, 5d, 2w. A day is 24 hours. People are Slack user ids or e-mail addresses.

| key | value | meaning | example |
|---|---|---|---|
`

// configurationPage writes the document.
func configurationPage(example string) string {
	var b strings.Builder
	b.WriteString(configurationHead)
	group := ""
	for _, s := range settings {
		if s.group != group {
			group = s.group
			fmt.Fprintf(&b, "\n### %s\n\n| variable | meaning | default | example |\n|---|---|---|---|\n", group)
		}
		doc, def := s.doc, ""
		if s.secret {
			doc += " Secret."
		}
		if s.def != "" {
			def = "`" + s.def + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", s.name, tableCell(doc), def, tableCell(s.try))
	}
	b.WriteString(configurationFile)
	for _, f := range practiceFields(reflect.TypeFor[Practice](), "") {
		value, try := fileKinds[f.as].noun, f.try
		switch {
		case f.section && f.list:
			value, try = "a list of sections", ""
		case f.section:
			value, try = "a section", ""
		case f.list:
			value, try = "a list: "+value, "["+try+"]"
		}
		if f.need != "" {
			value += "; required"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.key, tableCell(value), tableCell(f.doc), tableCell(try))
	}
	fmt.Fprintf(&b, "\n### What applies without a file\n\n```yaml\n%s```\n", defaultPractice)
	fmt.Fprintf(&b, "\n### An example\n\n```yaml\n%s```\n", example)
	return b.String()
}

// tableCell keeps a text within its column.
func tableCell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// TestConfigurationPage fails when the document and the settings have drifted apart.
func TestConfigurationPage(t *testing.T) {
	const file = "../../docs/configuration.md"
	example, err := os.ReadFile("testdata/config/rollcall.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := configurationPage(string(example))
	if *updateConfiguration {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/configuration.md is not what the settings say; run: go generate ./cmd/rollcall")
	}
}
