package migrations

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// silent are the steps from before steps said who can go on with them.
var silent = []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 16, 17, 20}

var (
	saysOldest = regexp.MustCompile(`(?m)^INSERT INTO schema_step \(step, oldest\) VALUES \((\d+), (\d+)\);$`)
	takesAway  = regexp.MustCompile(`(?i)\bDROP (TABLE|COLUMN)|\bRENAME\b|\bALTER COLUMN\b`)
	addsColumn = regexp.MustCompile(`(?is)\bADD COLUMN\b[^;]*`)
)

// objection is what is wrong with a step as to who can go on with it; "" for nothing.
func objection(step int64, body string, known []int64) string {
	said := saysOldest.FindAllStringSubmatch(body, -1)
	at, _ := slices.BinarySearch(known, step)
	if at == 0 || at == len(known) || known[at] != step {
		return "it is none of the steps, or the first"
	}
	want := fmt.Sprintf("INSERT INTO schema_step (step, oldest) VALUES (%d, 0);", step)
	if len(said) != 1 || said[0][1] != strconv.FormatInt(step, 10) {
		return "it has to say once which programs can go on with what it does, such as " + want
	}
	oldest, err := strconv.ParseInt(said[0][2], 10, 64)
	if err != nil || oldest != 0 && !slices.Contains(known[:at+1], oldest) {
		return "the oldest programs that can go on are those of a step, and of none after it; 0 for all"
	}
	if oldest == step {
		return "" // nobody from before it
	}
	for _, column := range addsColumn.FindAllString(body, -1) {
		if strings.Contains(strings.ToUpper(column), "NOT NULL") && !strings.Contains(strings.ToUpper(column), "DEFAULT") {
			return "a program from before it writes rows without the new column: give it a default"
		}
	}
	if (oldest == 0 || oldest == known[at-1]) && takesAway.MatchString(body) {
		return "programs from just before it may use what it takes away: name the first step whose programs do not, and release that one first"
	}
	return ""
}

// TestEachStepSaysWhoCanGoOn holds the steps to the promise that an older program can be
// started again on what a newer one left.
func TestEachStepSaysWhoCanGoOn(t *testing.T) {
	for _, folder := range []string{SQLite, Postgres} {
		entries, err := fs.ReadDir(For(folder), ".")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			number, _, _ := strings.Cut(e.Name(), "_")
			step, err := strconv.ParseInt(number, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(silent, step) {
				continue
			}
			body, err := fs.ReadFile(For(folder), e.Name())
			if err != nil {
				t.Fatal(err)
			}
			if o := objection(step, string(body), Versions); o != "" {
				t.Errorf("%s/%s: %s", folder, e.Name(), o)
			}
		}
	}
}

// TestAStepThatShutsOutIsNotTakenForOneThatAdds shows the judge steps of each sort.
func TestAStepThatShutsOutIsNotTakenForOneThatAdds(t *testing.T) {
	known := []int64{20, 21, 25, 26}
	says := func(step, oldest int) string {
		return fmt.Sprintf("INSERT INTO schema_step (step, oldest) VALUES (%d, %d);\n", step, oldest)
	}
	for _, c := range []struct {
		body string
		ok   bool
	}{
		{"CREATE TABLE a (id TEXT);\n" + says(26, 0), true},
		{"CREATE TABLE a (id TEXT);\n" + says(26, 20), true},
		{"ALTER TABLE a DROP COLUMN b;\n" + says(26, 0), false},
		{"ALTER TABLE a DROP COLUMN b;\n" + says(26, 21), true},
		{"CREATE TABLE a (id TEXT);\n", false},
		{"CREATE TABLE a (id TEXT);\n" + says(25, 21), false},
		{says(26, 25) + says(26, 0), false},
		{says(26, 24), false},
		{"ALTER TABLE a ADD COLUMN b TEXT NOT NULL DEFAULT '';\n" + says(26, 0), true},
		{"ALTER TABLE a ADD COLUMN b TEXT NOT NULL;\n" + says(26, 25), false},
		{"ALTER TABLE a ADD COLUMN b TEXT NOT NULL;\n" + says(26, 26), true},
		{"ALTER TABLE a DROP COLUMN b;\n" + says(26, 25), false},
		{"ALTER TABLE a RENAME COLUMN b TO c;\n" + says(26, 25), false},
		{"DROP TABLE a;\n" + says(26, 26), true},
	} {
		if got := objection(26, c.body, known); (got == "") != c.ok {
			t.Errorf("%q: %q", c.body, got)
		}
	}
}

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
