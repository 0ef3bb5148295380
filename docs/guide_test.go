package docs

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// guided are the rows of "Where do I change …?", by what is to be changed.
func guided(t *testing.T) map[string][]string {
	t.Helper()
	text, err := fs.ReadFile(repository(), "docs/ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(text), "## Where do I change …?\n")
	if !ok {
		t.Fatal("the guide is gone")
	}
	section, _, _ := strings.Cut(after, "\n## ")
	rows := map[string][]string{}
	for line := range strings.Lines(section) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || strings.HasPrefix(cells[1], "-") || strings.TrimSpace(cells[1]) == "change" {
			continue
		}
		rows[strings.TrimSpace(cells[1])] = paths.FindAllString(cells[2], -1)
	}
	return rows
}

var paths = regexp.MustCompile(`[a-z][a-z_/]*/[A-Za-z_./]+\.(go|tmpl)`)

func TestTheGuideNamesFilesThatAreThere(t *testing.T) {
	rows := guided(t)
	if len(rows) < 10 {
		t.Fatalf("%d rows", len(rows))
	}
	for change, files := range rows {
		named := 0
		for _, name := range files {
			if strings.Contains(name, "NAME") {
				continue
			}
			named++
			if _, err := fs.Stat(repository(), name); err != nil {
				t.Errorf("%s: %v", change, err)
			}
		}
		if named == 0 {
			t.Errorf("%s: no file is named", change)
		}
	}
}
