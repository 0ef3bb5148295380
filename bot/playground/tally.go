package playground

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// Tally counts what a play cost.
type Tally struct {
	// Messages are those of the bot, by channel's name; direct ones count as "direct messages".
	Messages map[string]int
	// SlackCalls is every call of Slack's API, Again those of them that found Slack down and were made again later, Refused
	// those that Slack answered with an error, Limited those that came above a rate.
	SlackCalls, Again, Refused, Limited int
	// Looked is how often the bot looked whether a step had got through, Doubled how many steps were carried out twice.
	Looked, Doubled int
	// Violations are calls made before Slack's Retry-After had passed.
	Violations int
	Pages      int           // PagerDuty's own, for alerts, and one of the bot's
	Real       time.Duration // that it took
}

// tally counts.
func (s *stage) tally(took time.Duration) Tally {
	t := Tally{Messages: map[string]int{}, Violations: len(s.slack.Violations()), Pages: len(s.pager.Pages()), Real: took}
	for _, ch := range s.slack.Snapshot().Channels {
		name := "#" + ch.Name
		if ch.Kind == slackfake.Direct {
			name = "direct messages"
		}
		if n := s.slack.MessageCount(ch.ID); n > 0 {
			t.Messages[name] += n
		}
	}
	done := map[string]int{} // by what may be done once only
	for _, c := range s.slack.Calls("") {
		if c.Method == "answer" {
			continue
		}
		t.SlackCalls++
		switch {
		case c.Status == 0:
			t.Again++
		case c.Status == http.StatusTooManyRequests:
			t.Limited++
		case !c.OK:
			t.Refused++
		}
		if once := once(c); once != "" && c.Done {
			if done[once]++; done[once] > 1 {
				t.Doubled++
			}
		}
		if c.Method == "conversations.history" || c.Method == "conversations.replies" {
			t.Looked++ // which the bot reads for nothing else
		}
	}
	return t
}

// once names what a call does when it must happen once: the message that it carries, the channel, the bookmark, the pin.
func once(c slackfake.Call) string {
	switch c.Method {
	case "chat.postMessage":
		if m := c.Args["metadata"]; m != "" {
			return c.Args["channel"] + m
		}
	case "conversations.create":
		return c.Method + c.Args["name"]
	case "bookmarks.add", "pins.add":
		return c.Method + c.Args["channel"] + c.Args["channel_id"] + c.Args["timestamp"]
	case "files.completeUploadExternal":
		return c.Method + c.Args["files"]
	}
	return ""
}

// honest says what must not have happened.
func (t Tally) honest() error {
	switch {
	case t.Violations > 0:
		return fmt.Errorf("%d calls were made before Slack's Retry-After had passed", t.Violations)
	case t.Doubled > 0:
		return fmt.Errorf("%d steps were carried out twice", t.Doubled)
	case t.Refused > 0:
		return fmt.Errorf("%d calls were refused by Slack", t.Refused)
	case t.Limited > 0:
		return fmt.Errorf("%d calls came above one of Slack's rates", t.Limited)
	}
	return nil
}

// tally prints the count.
func (t *teller) tally(o Outcome) {
	c := o.Tally
	t.heading("What it took")
	var places []string
	for name := range c.Messages {
		places = append(places, name)
	}
	slices.Sort(places)
	for n, name := range places {
		places[n] = fmt.Sprintf("%d in %s", c.Messages[name], name)
		if name == "direct messages" {
			places[n] = fmt.Sprintf("%d direct", c.Messages[name])
		}
	}
	row := func(label, text string) { t.print("  %s %s\n", pad(label, 12), text) }
	row("messages", strings.Join(places, ", ")+"; everything else was edited in place")
	row("Slack calls", fmt.Sprintf("%d; %s refused, %s above a rate", c.SlackCalls, none(c.Refused), none(c.Limited)))
	row("repeated", fmt.Sprintf("%d calls that found Slack down; steps that happened twice: %s", c.Again, none(c.Doubled)))
	row("PagerDuty", fmt.Sprintf("%d pages: two for the monitor's alerts, one of the bot's by the second way", c.Pages))
	row("real time", fmt.Sprintf("%.1f s for two hours", c.Real.Seconds()))
	row("the RFO", o.RFOFile)
}

// none is a number, in a word when it is 0.
func none(n int) string {
	if n == 0 {
		return "none"
	}
	return strconv.Itoa(n)
}
