package bot

import (
	"regexp"
	"strings"
)

// Way is one way of typing a row of the table, with its places still to be filled:
// TEXT, TIME, @user and the like.
type Way struct{ Stem, Line string }

// Ways are all ways of typing all rows, so that a test of every command finds a new
// one by itself.
func Ways() []Way {
	var all []Way
	for _, r := range rows {
		for _, usage := range r.Usage {
			all = append(all, Way{r.Stem, usageKey.ReplaceAllString(usage, "")})
		}
	}
	return all
}

var (
	usageKey     = regexp.MustCompile(`^INC-7 `)
	usageChoice  = regexp.MustCompile(`([a-z-]+)(\|[a-z-]+)+`)
	usagePlaces  = regexp.MustCompile(`\b(?:TEXT|TITLE|REASON|QUESTION)\b`)
	usageNoPlace = strings.NewReplacer("[", "", "]", "", "…", "", "1..4", "2", "sev1..sev2", "sev1", "sev1..sev4", "sev1")
	usageFill    = strings.NewReplacer(
		"@user", "<@U2>", "TIME", "13:05", "DATE", "2w", "SERVICE", "checkout", "NAME", "acme", "N-M UNIT", "3-5 users", "REVISION", "1",
		"URL", "https://meet.example.org/x", "PROVIDER", "jitsi", "VERB", "task", " ID", " 0190-id", "INC-7", "INC-2", "rfo answer QUESTION", "rfo answer cause",
	)
)

// Typed is the form as somebody types it, with text wherever words are asked for.
func (f Way) Typed(text string) string {
	line := usageChoice.ReplaceAllString(usageNoPlace.Replace(f.Line), "$1")
	return usagePlaces.ReplaceAllLiteralString(usageFill.Replace(line), text)
}

// TakesText says whether somebody's own words are part of it.
func (f Way) TakesText() bool { return f.Typed("a") != f.Typed("b") }
