package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/slackin"
)

// TestScopesAndEventsAreDocumented holds docs/scopes.md to the manifest.
func TestScopesAndEventsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/scopes.md")
	if err != nil {
		t.Fatal(err)
	}
	scopes, events, ok := strings.Cut(string(doc), "\n## Events\n")
	if !ok {
		t.Fatal("docs/scopes.md has no part about events")
	}
	for _, one := range optionalScopes {
		if row := regexp.MustCompile("(?m)^\\| `" + one.name + "` .*$").FindString(scopes); !strings.Contains(row, "`"+one.setting) {
			t.Errorf("the scope %s is asked for only with %s, which its row does not say: %q", one.name, one.setting, row)
		}
	}
	for what, c := range map[string]struct {
		text string
		want []string
	}{"scopes": {scopes, scopeNames(Practice{CallBlock: true, RFOCanvas: true})}, "events": {events, slackin.Events()}} {
		var got []string
		for line := range strings.Lines(c.text) {
			if cells := strings.Split(line, "|"); len(cells) == 4 && strings.Contains(cells[1], "`") {
				if strings.TrimSpace(cells[2]) == "" {
					t.Errorf("no reason is given for %s", cells[1])
				}
				for _, m := range regexp.MustCompile("`([a-z_.:]+)`").FindAllStringSubmatch(cells[1], -1) {
					got = append(got, m[1])
				}
			}
		}
		want := slices.Sorted(slices.Values(c.want))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("docs/scopes.md has the %s %v, the manifest %v", what, got, want)
		}
	}
}
