package say

import (
	"fmt"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Who knows what people are called.
type Who interface {
	incident.Names
	// SlackID is the person's id in Slack, or "" when it is not known.
	SlackID(incident.PersonID) string
}

// Slack is a reader in Slack. Times are date tokens, which Slack shows in each
// reader's own zone; people are mentions when Mentions is set and names
// otherwise (a card that is redrawn must not call people again).
type Slack struct {
	Who      Who
	Mentions bool
}

// Text escapes the three characters that Slack gives a meaning to, and shows
// people in it by name.
func (s Slack) Text(text string) string { return Escape(incident.PlainText(text, s.Who)) }

// Person is a mention, or the name.
func (s Slack) Person(p incident.PersonID) string {
	if id := s.Who.SlackID(p); id != "" && s.Mentions {
		return "<@" + id + ">"
	}
	return Escape(s.Who.Name(p))
}

// Time is a date token with UTC for those who cannot show it.
func (s Slack) Time(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_short_pretty} {time}|%s>", t.Unix(), t.UTC().Format("2006-01-02 15:04 UTC"))
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Escape makes text harmless in Slack's mrkdwn: exactly these three characters
// carry mentions, links and special commands.
func Escape(text string) string { return escaper.Replace(text) }

// Plain is a reader at a terminal or of a log: names and UTC.
type Plain struct {
	Who  incident.Names
	Zone *time.Location // nil for UTC
}

// Text is the text, with control characters taken out so that nothing a person
// typed moves the cursor of a terminal.
func (p Plain) Text(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, incident.PlainText(text, p.Who))
}

// Person is the name.
func (p Plain) Person(id incident.PersonID) string { return p.Text(p.Who.Name(id)) }

// Time is in the reader's zone, UTC when there is none.
func (p Plain) Time(t time.Time) string {
	zone := p.Zone
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2006-01-02 15:04 MST")
}
