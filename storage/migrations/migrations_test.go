package migrations

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// TestBothDatabasesTakeTheSameSteps compares the numbers of the two sets.
func TestBothDatabasesTakeTheSameSteps(t *testing.T) {
	numbers := func(folder string) string {
		entries, err := fs.ReadDir(For(folder), ".")
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, e := range entries {
			number, _, _ := strings.Cut(e.Name(), "_")
			all = append(all, number)
			if body, err := fs.ReadFile(For(folder), e.Name()); err != nil || !strings.HasPrefix(string(body), "-- +goose Up\n") {
				t.Errorf("%s/%s is no step: %v", folder, e.Name(), err)
			}
		}
		return strings.Join(all, " ")
	}
	if a, b := numbers(SQLite), numbers(Postgres); a != b || a == "" {
		t.Errorf("SQLite takes %s, PostgreSQL %s", a, b)
	}
	if Latest < 13 || !slices.Equal(Versions, versions(Postgres)) {
		t.Errorf("the steps are %v and %v", Versions, versions(Postgres))
	}
}
