package jobs_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/playground/chaos"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// TestThreeDaysOfDowntimeAreNoStorm stops the program with 50 incidents under way, each of
// which has clocks that come due meanwhile, once or over and over: nobody leads, updates to
// stakeholders, actions with a date, RFOs that are owed, an action two sprints old. Three days later two programs
// start at once. Everything that is due is said once, the rest is collapsed.
func TestThreeDaysOfDowntimeAreNoStorm(t *testing.T) {
	t.Parallel()
	incidents := chaos.Count(10, 50)
	w := newWorldAt(t, "sqlite:"+filepath.Join(t.TempDir(), "rollcall.db"), time.Duration(chaos.Count(fast, 20)))
	w.policy = func(p *incident.Policy) {
		p.Severities = map[int]incident.SeverityPolicy{1: {UpdateEvery: 30 * time.Minute, RFOWithin: 24 * time.Hour}, 2: {UpdateEvery: time.Hour, RFOWithin: 48 * time.Hour}}
		p.Sprint = 36 * time.Hour // so that two of them end meanwhile
	}
	w.begin()
	w.clock.advance(time.Date(2026, 3, 9, 10, 0, 0, 0, time.UTC).Sub(w.clock.Now())) // a Monday
	stop := w.work()
	var ids []incident.ID
	for n := range incidents {
		id := w.open(fmt.Sprint("Outage ", n))
		key := w.incident(id).Key()
		w.does(w.ana, "C-elsewhere", key+" action <@"+w.ana+"> by 2d look into it")
		w.does(w.ana, "C-elsewhere", key+" action <@"+w.bob+"> by 3d look into that")
		switch n % 3 {
		case 0:
			w.does(w.bob, "C-elsewhere", key+" lead me")
		case 1:
			w.does(w.ana, "C-elsewhere", key+" resolve it is over")
		}
		ids = append(ids, id)
	}
	w.upTo(2*time.Minute, "all is out", func() bool { return w.left() == 0 })
	stop()
	before, direct := map[incident.ID]int{}, map[string]int{}
	for _, id := range ids {
		before[id] = w.slack.MessageCount(w.incident(id).Channel.ID)
	}
	for _, user := range []string{w.ana, w.bob} {
		direct[user] = len(w.slack.DirectMessages(user))
	}

	w.clock.advance(72 * time.Hour) // Thursday, in working hours
	back := w.clock.Now()
	second := w.replica()
	second.places = w.places
	defer w.work()()
	defer second.work(func(o *jobs.Options) { o.Store = second.store })()
	// A moment leads to steps, and these to cards: it is quiet when nothing comes for a while.
	calm := 0
	w.upTo(2*time.Minute, "what was due is said", func() bool {
		if calm++; w.due(back) > 0 || w.left() > 0 {
			calm = 0
		}
		return calm > 25
	})
	took := w.lastOf("chat.postMessage").Sub(back).Round(time.Second)

	most, sum, personal := 0, 0, map[string]int{}
	for _, id := range ids {
		n := w.slack.MessageCount(w.incident(id).Channel.ID) - before[id]
		sum += n
		if most = max(most, n); n > 2 { // nobody leads, and an update is owed
			t.Errorf("%s: %d messages after the downtime", w.incident(id).Key(), n)
		}
		missed := w.incident(id).Log.Missed
		if missed > 1 {
			t.Errorf("%s: %d updates were missed within one silence of Rollcall's", w.incident(id).Key(), missed)
		}
	}
	if sum < incidents/3 {
		t.Errorf("%d messages: what was due was not said", sum)
	}
	for _, user := range []string{w.ana, w.bob} {
		n := len(w.slack.DirectMessages(user)) - direct[user]
		personal[user] = n
		if n < 2 || n > 5+1+2 { // at once, that there are more, and what follows within the time of the test
			t.Errorf("%s got %d direct messages", user, n)
		}
	}
	w.calm()
	chaos.Figure{
		Program: "three days of downtime, then two programs start at once", Count: fmt.Sprintf("%d incidents with 2 actions each, nobody leading or updates or an RFO owed", incidents),
		Result: fmt.Sprintf("%d messages in channels, at most %d in one; %d and %d direct messages to the two people who owe everything; all said %s after the start", sum, most, personal[w.ana], personal[w.bob], took),
	}.Show(t)
}

// due is how many moments had come by a time and are not stored yet.
func (w *world) due(by time.Time) (n int) {
	w.t.Helper()
	for _, b := range w.briefs() {
		w.read(func(r *storage.Reader) error {
			all, err := r.Dues(b.ID)
			for _, d := range all {
				if !d.At.After(by) {
					n++
				}
			}
			return err
		})
	}
	return n
}
