package docs

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
	"testing"
)

// TestDecisionsHaveNumbersOfTheirOwn holds the number of each decision's file to its
// heading, and to itself: a decision is cited by its number.
func TestDecisionsHaveNumbersOfTheirOwn(t *testing.T) {
	files, err := fs.Glob(repository(), "docs/adr/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d decisions, %v", len(files), err)
	}
	taken := map[int]string{}
	for _, file := range files {
		digits, _, _ := strings.Cut(path.Base(file), "-")
		number, err := strconv.Atoi(digits)
		if err != nil {
			t.Errorf("%s does not begin with its number", file)
			continue
		}
		if other := taken[number]; other != "" {
			t.Errorf("%s and %s have one number", other, file)
		}
		taken[number] = file
		text, err := fs.ReadFile(repository(), file)
		if err != nil {
			t.Fatal(err)
		}
		if want := "# " + strconv.Itoa(number) + ". "; !strings.HasPrefix(string(text), want) {
			t.Errorf("%s does not begin with %q", file, want)
		}
	}
}
