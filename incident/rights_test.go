package incident

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheTableOfRightsIsDocumented holds docs/ARCHITECTURE.md to the table.
func TestTheTableOfRightsIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../docs/ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	for who, mark := range map[Right]string{Full: "| *full*", Machine: "| *machine*"} {
		var want, got []string
		for verb, r := range rights {
			if r.who == who {
				want = append(want, verb)
			}
		}
		for line := range strings.Lines(string(doc)) {
			if strings.HasPrefix(line, mark) {
				for _, m := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(line, -1) {
					got = append(got, m[1])
				}
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			t.Errorf("docs/ARCHITECTURE.md says %s %v, the code %v", mark, got, want)
		}
	}
}
