package jobs_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/chaos"
	"github.com/rollcall-bot/rollcall/incident"
)

// floor is how long n calls of a Tier 2 method take at the least, at the 20 a minute
// that Slack promises to take. Creating channels, pinning, bookmarks and topics are
// each of that tier, and go on beside each other.
func floor(n int) time.Duration { return time.Duration(n) * 3 * time.Second }

// outage is how long Slack is down: by then waits between attempts are as long as they get.
const outage = 10 * time.Minute

// TestTheBacklogGoesOutAsFastAsSlackTakesIt opens incidents while Slack is down, and
// measures how long all of it takes once Slack is back; then the same with one
// urgent thing for each in channels that exist.
func TestTheBacklogGoesOutAsFastAsSlackTakesIt(t *testing.T) {
	t.Parallel()
	incidents, speed := chaos.Count(8, 100), time.Duration(chaos.Count(fast, 10))
	w := newWorldAt(t, "sqlite:"+filepath.Join(t.TempDir(), "rollcall.db"), speed)
	w.slack.SetDown(true)
	w.work(quiet)
	var ids []incident.ID
	for n := range incidents {
		ids = append(ids, w.open(fmt.Sprint("Outage ", n)))
	}
	w.slack.SetDown(false)
	back := w.clock.Now()
	w.upTo(10*time.Minute, "all is out", func() bool { return w.left() == 0 })
	whole := w.clock.Now().Sub(back)
	if n := len(w.slack.Snapshot().Channels); n != incidents+2 {
		t.Errorf("%d channels", n)
	}
	for _, id := range ids {
		ch, _ := w.slack.Channel(w.incident(id).Channel.ID)
		if n := w.slack.MessageCount(ch.ID); n != 4 || len(ch.Bookmarks) != 1 || len(ch.Pins) != 1 {
			t.Errorf("%s: %d messages, bookmarks %v, pins %v", ch.Name, n, ch.Bookmarks, ch.Pins)
		}
	}

	w.slack.SetDown(true)
	for n, id := range ids {
		_, people := w.crowd(fmt.Sprint("late-", n))
		w.add(id, post(n), incident.Effect{Kind: incident.Invite, People: people})
	}
	// Long enough for every incident to have failed often.
	if err := w.clock.Until(t.Context(), w.clock.Now().Add(outage)); err != nil {
		t.Fatal(err)
	}
	w.slack.SetDown(false)
	back = w.clock.Now()
	w.upTo(10*time.Minute, "the posts are out", func() bool { return w.left() == 0 })
	posts, invitations := w.lastOf("chat.postMessage").Sub(back), w.lastOf("conversations.invite").Sub(back)
	w.calm()
	// A burst comes on top of what is promised, and the last step has two more behind it.
	if most := floor(incidents)*11/10 + 30*time.Second; whole > most {
		t.Errorf("%d incidents took %s, at most %s", incidents, whole, most)
	}
	if posts > time.Minute {
		t.Errorf("%d posts in existing channels took %s", incidents, posts)
	}
	chaos.Figure{
		Program: "the backlog after Slack was down", Seed: 0, Count: fmt.Sprintf("%d incidents", incidents),
		Result: fmt.Sprintf("all channels, cards, pins, bookmarks and topics %s after Slack was back (floor of Tier 2, 20 a minute: %s); "+
			"a post in each existing channel: %s; an invitation into each: %s (floor of Tier 3, 50 a minute: %s)",
			whole.Round(time.Second), floor(incidents), posts.Round(time.Second), invitations.Round(time.Second),
			(time.Duration(incidents) * 1200 * time.Millisecond).Round(time.Second)),
	}.Show(t)
}

// lastOf is when a method was last carried out.
func (w *world) lastOf(method string) (at time.Time) {
	for _, c := range w.slack.Calls(method) {
		if c.Done {
			at = c.At
		}
	}
	return at
}
