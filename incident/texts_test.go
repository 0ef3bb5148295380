package incident_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/templates"
)

// TestMain has every text that any test here comes across rendered with the
// arguments that the domain gave it.
func TestMain(m *testing.M) {
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	incidenttest.Render = func(s incident.Say) (string, error) {
		text := book.Text(s, reader{})
		if !book.Has(s.ID) || strings.HasPrefix(text, "[") || strings.Contains(text, "<no value>") || strings.Contains(text, "  ") {
			return text, fmt.Errorf("the text is missing or broken")
		}
		return text, nil
	}
	os.Exit(m.Run())
}

// reader reads texts without any escaping.
type reader struct{}

func (reader) Text(s string) string              { return incident.PlainText(s, incidenttest.Names{}) }
func (reader) Person(p incident.PersonID) string { return "@" + incidenttest.Names{}.Name(p) }
func (reader) Time(t time.Time) string           { return t.Format("15:04") }

// words is a text as its reader sees it.
func words(t *testing.T, s incident.Say) string {
	t.Helper()
	text, err := incidenttest.Render(s)
	if err != nil {
		t.Errorf("%s: %q: %v", s.ID, text, err)
	}
	return text
}
