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

// TestTheTableOfRightsHolds asks for every verb as everybody who may be there.
func TestTheTableOfRightsHolds(t *testing.T) {
	full, guest := Person{ID: "full", Full: true}, Person{ID: "guest"}
	gone, bot, self := Person{ID: "gone", Full: true, Inactive: true}, Person{ID: "bot", Bot: true}, Person{ID: System}
	for verb, r := range rights {
		for _, one := range []struct {
			who Person
			may bool
		}{
			{full, r.who != Machine}, {guest, r.who == Insider}, {gone, false}, {bot, false}, {self, true},
		} {
			if err := May(verb, one.who); (err == nil) != one.may {
				t.Errorf("%s by %s: %v", verb, one.who.ID, err)
			}
			cmd := asked(verb)
			err := permit(&Incident{Life: Life{Status: Open}, Head: 1}, cmd, Facts{Actor: one.who})
			if !one.may && err == nil {
				t.Errorf("%s by %s is decided", verb, one.who.ID)
			}
		}
	}
	if err := permit(&Incident{}, asked("no_such_verb"), Facts{Actor: full}); err == nil {
		t.Error("a verb that is not in the table is decided")
	}
}

// asked is a command of a verb that does nothing.
type asked string

func (a asked) Verb() string                                   { return string(a) }
func (asked) Needs() Needs                                     { return Needs{} }
func (asked) decide(*Incident, Stamp, Facts) (Decision, error) { return Decision{}, nil }
