package jobs_test

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/playground/chaos"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// quiet leaves the log of a large experiment out.
func quiet(o *jobs.Options) { o.Log = slog.New(slog.DiscardHandler) }

// upTo looks for a condition for longer than eventually does, on the machine's clock.
func (w *world) upTo(most time.Duration, what string, holds func() bool) {
	w.t.Helper()
	late := time.NewTimer(most)
	defer late.Stop()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !holds() {
		select {
		case <-look.C:
		case <-late.C:
			w.t.Fatalf("not within %s: %s", most, what)
		}
	}
}

// left counts what is still to be carried out.
func (w *world) left() (n int) {
	w.t.Helper()
	w.read(func(r *storage.Reader) error {
		b, err := r.Backlog()
		n = int(b.Effects[storage.EffectPending] + b.Effects[storage.EffectSending] + b.Cards)
		return err
	})
	return n
}

// The Retry-After of a storm, in seconds. A fault for each befalls a call with such
// a chance that half of all calls are refused.
var storm = []int{1, 5, 15, 30, 60, 120}

const stormChance = 0.1091 // 1 - 0.5^(1/6)

// TestHalfOfAllCallsAreRefused has Slack answer half of all calls with 429 for ten
// minutes, while 20 incidents are worked on.
func TestHalfOfAllCallsAreRefused(t *testing.T) {
	t.Parallel()
	minutes, incidents, speed := chaos.Count(1, 10), chaos.Count(4, 20), time.Duration(chaos.Count(10, 10))
	w := newWorldAt(t, "sqlite:"+filepath.Join(t.TempDir(), "rollcall.db"), speed)
	w.work(quiet)
	var ids []incident.ID
	for n := range incidents {
		ids = append(ids, w.open(fmt.Sprint("Outage ", n)))
	}
	w.upTo(2*time.Minute, "all have channels", func() bool { return w.left() == 0 })
	for _, seconds := range storm {
		w.slack.Inject(slackfake.Fault{Kind: slackfake.Limited, RetryAfter: seconds, Chance: stormChance})
	}
	began := w.clock.Now()
	asked := map[string]time.Time{}
	said := 0
	for minute := range minutes {
		for n, id := range ids {
			said++
			w.does(w.ana, "C-elsewhere", fmt.Sprintf("INC-%d task storm-%d-%d %s", n+1, minute, n, strings.Repeat(string(rune('a'+(minute*7+n)%26)), 12)))
			user, people := w.crowd(fmt.Sprint(minute, "-", n))
			asked[user] = w.clock.Now()
			w.add(id, post(1000*minute+n), incident.Effect{Kind: incident.Invite, People: people})
		}
		if err := w.clock.Until(t.Context(), began.Add(time.Duration(minute+1)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	w.slack.Heal()
	w.upTo(10*time.Minute, "everything is out", func() bool { return w.left() == 0 })
	w.stormed(ids, minutes)
	early, onTheWay := w.impatient(speed)
	if early > 0 {
		t.Errorf("%d calls before the end of a Retry-After", early)
	}
	var refused, calls int
	for _, c := range w.slack.Calls("") {
		if c.At.After(began) {
			calls++
		}
		if c.Status == 429 {
			refused++
		}
	}
	lag := w.starved(asked)
	// Among all other tests the machine may take its time, which counts ten times here;
	// the full form has it for itself.
	patience := 5*time.Second + time.Duration(chaos.Count(3, 0))*time.Second*speed
	if p := lag[len(lag)*99/100]; p > patience {
		t.Errorf("an invitation in a hundred waited %s or more beyond Slack's own Retry-After", p)
	}
	chaos.Figure{
		Program: "50 % of calls answered 429 with Retry-After 1 to 120 s", Seed: 0,
		Count: fmt.Sprintf("%d min of simulated time, %d incidents, %d tasks, %d posts, %d invitations; %d calls, %d of them refused",
			minutes, incidents, said, said, said, calls, refused),
		Result: fmt.Sprintf("%d calls before a Retry-After had ended, but for %d that had left before it was noted; 0 lost, 0 double; busiest channel %d messages in 10 s (1 a second and a burst of 3); urgent p99 %s beyond the Retry-After of its own method",
			early, onTheWay, w.busiest(), lag[len(lag)*99/100].Round(100*time.Millisecond)),
	}.Show(t)
}

// flight is how long a call may be on its way on a busy machine, by the machine's
// clock: another one of the same method may leave before the answer of the first, a
// 429, is there and noted.
const flight = 200 * time.Millisecond

// impatient counts the calls that were made before a Retry-After had ended, apart
// from those that had left when it was given.
func (w *world) impatient(speed time.Duration) (early, onTheWay int) {
	given := map[time.Time]time.Time{} // by its end
	for _, c := range w.slack.Calls("") {
		if c.Fault == string(slackfake.Limited) {
			given[c.At.Add(time.Duration(c.Retry)*time.Second)] = c.At
		}
	}
	for _, v := range w.slack.Violations() {
		if at, ok := given[v.Until]; ok && v.At.Sub(at) <= flight*speed {
			onTheWay++
			continue
		}
		early++
		w.t.Logf("%s: %s before the end", v.Key, v.Until.Sub(v.At))
	}
	return early, onTheWay
}

// crowd is somebody new to be invited.
func (w *world) crowd(name string) (user string, people []incident.PersonID) {
	user = w.slack.AddUser(slackfake.User{Name: "crowd-" + name})
	var p incident.PersonID
	w.write(func(tx *storage.Tx) (err error) {
		p, err = tx.UpsertPerson(storage.Person{SlackID: user, Name: name})
		return err
	})
	return user, []incident.PersonID{p}
}

// stormed looks whether all that was said in a storm is there once.
func (w *world) stormed(ids []incident.ID, minutes int) {
	w.t.Helper()
	for n, id := range ids {
		ch, _ := w.slack.Channel(w.incident(id).Channel.ID)
		if len(ch.Members) != 2+minutes { // the bot and ana
			w.t.Errorf("INC-%d: %d members", n+1, len(ch.Members))
		}
		for minute := range minutes {
			for _, text := range []string{fmt.Sprintf("storm-%d-%d ", minute, n), fmt.Sprintf("N%d* was", 1000*minute+n)} {
				found := 0
				for _, m := range ch.Messages {
					pinned := slices.ContainsFunc(ch.Pins, func(p slackfake.Pin) bool { return p.TS == m.TS }) // the summary names tasks
					if !pinned && strings.Contains(m.Plain()+" ", text) {
						found++
					}
				}
				if found != 1 {
					w.t.Errorf("INC-%d: %q is there %d times", n+1, text, found)
				}
			}
		}
	}
}

// busiest is how many messages came into one channel within ten seconds, at most.
func (w *world) busiest() (most int) {
	for _, ch := range w.slack.Snapshot().Channels {
		var sent []time.Time
		for _, c := range w.slack.Calls("chat.postMessage") {
			if c.Done && c.Args["channel"] == ch.ID {
				sent = append(sent, c.At)
			}
		}
		for n := range sent {
			in := 0
			for _, at := range sent[n:] {
				if at.Sub(sent[n]) < 10*time.Second {
					in++
				}
			}
			most = max(most, in)
		}
	}
	if most > 13 {
		w.t.Errorf("%d messages in one channel within 10 s", most)
	}
	return most
}

// between prints what Slack was asked meanwhile.
func (w *world) between(from, to time.Time) {
	for _, c := range w.slack.Calls("") {
		if !c.At.Before(from) && !c.At.After(to) {
			w.t.Logf("  %s %s %s %d", c.At.Format("15:04:05.0"), c.Method, c.Args["channel"], c.Status)
		}
	}
}

// starved says how long each call that invites somebody came after it could have
// been made: after it was asked for, after the method's tier let it through, and
// after the last Retry-After had ended.
func (w *world) starved(asked map[string]time.Time) (lag []time.Duration) {
	var open time.Time
	for _, c := range w.slack.Calls("conversations.invite") {
		from, ok := asked[c.Args["users"]]
		if ok {
			if open.After(from) {
				from = open
			}
			late := max(0, c.At.Sub(from))
			if lag = append(lag, late); late > 5*time.Second {
				w.t.Logf("invitation at %s was late by %s", c.At.Format("15:04:05.0"), late)
				w.between(from, c.At)
			}
		}
		if end := c.At.Add(max(1200*time.Millisecond, time.Duration(c.Retry)*time.Second)); end.After(open) {
			open = end // two that were on their way may be told different times: the longer one is kept
		}
	}
	slices.Sort(lag)
	return lag
}
