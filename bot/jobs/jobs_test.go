package jobs_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/storage"
)

// delivered stores an answer that a worker has to bring.
func (w *world) delivered(id string, to bot.ReplyTo, a bot.Answer, at time.Time) {
	w.t.Helper()
	answer, err := json.Marshal(a)
	if err != nil {
		w.t.Fatal(err)
	}
	place, err := json.Marshal(to)
	if err != nil {
		w.t.Fatal(err)
	}
	w.write(func(tx *storage.Tx) error {
		if err := tx.SaveDelivery(storage.Delivery{Source: "slack.action", ID: id, Answer: string(answer), ReplyTo: string(place), At: at}); err != nil {
			return err
		}
		return tx.Enqueue(bot.ReplyArgs{Source: "slack.action", ID: id}, nil)
	})
}

// replyTo is where an answer still has to be brought.
func (w *world) replyTo(id string) (to string) {
	w.read(func(r *storage.Reader) error {
		d, _, err := r.Delivery("slack.action", id)
		to = d.ReplyTo
		return err
	})
	return to
}

func TestAnAnswerIsBroughtAndItsAddressForgotten(t *testing.T) {
	w := newWorld(t)
	w.slack.Inject(slackfake.Fault{Method: "chat.postEphemeral", Kind: slackfake.Limited, RetryAfter: 1, Times: 1})
	w.work()
	w.delivered("d1", bot.ReplyTo{Channel: w.announce, User: w.ana}, bot.Answer{
		Kind: bot.Done, Text: "T2 is done.", Buttons: []bot.Button{{Label: "Undo", Offer: "o1"}},
	}, w.clock.Now())
	w.eventually("the address is forgotten", func() bool { return w.replyTo("d1") == "" })
	seen := w.slack.Ephemerals(w.ana)
	if len(seen) != 1 || !strings.Contains(seen[0].Plain(), "T2 is done.") || !strings.Contains(string(seen[0].Blocks), `"value":"o1"`) {
		t.Errorf("ana sees %+v", seen)
	}
}

func TestAnAnswerThatReachesNobodyIsGivenUp(t *testing.T) {
	w := newWorld(t)
	w.work()
	w.delivered("d1", bot.ReplyTo{URL: "https://evil.example/take"}, bot.Answer{Kind: bot.Done, Text: "done"}, w.clock.Now())
	w.eventually("it is given up", func() bool { return w.replyTo("d1") == "" })
}

func TestAnOldAnswerIsNotSent(t *testing.T) {
	w := newWorld(t)
	w.delivered("old", bot.ReplyTo{Channel: w.announce, User: w.ana}, bot.Answer{Kind: bot.Done, Text: "old"}, w.clock.Now().Add(-3*time.Hour))
	w.work()
	w.delivered("new", bot.ReplyTo{Channel: w.announce, User: w.ana}, bot.Answer{Kind: bot.Done, Text: "new"}, w.clock.Now())
	w.eventually("the new one is brought", func() bool { return len(w.slack.Ephemerals(w.ana)) == 1 })
	if seen := w.slack.Ephemerals(w.ana); !strings.Contains(seen[0].Plain(), "new") {
		t.Errorf("ana sees %+v", seen)
	}
}

func TestAMomentThatHasComeIsDecided(t *testing.T) {
	w := newWorld(t)
	w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	w.clock.advance(2*time.Hour + time.Minute) // nobody leads
	w.eventually("the bot speaks up", func() bool {
		return strings.Contains(w.slack.Sent(), "run:0")
	})
	w.settled(id)
	n := w.slack.MessageCount(w.incident(id).Channel.ID)
	if n != 5 { // the summary, three tasks, the question
		t.Errorf("%d messages", n)
	}
}

func TestAMomentThatCameWhileNothingRanIsDecidedAtTheStart(t *testing.T) {
	w := newWorld(t)
	stop := w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	stop()
	w.clock.advance(2*time.Hour + time.Minute)
	w.work()
	w.eventually("the bot speaks up", func() bool { return strings.Contains(w.slack.Sent(), "run:0") })
}

func TestPeopleAreReadAtTheStartAndLookedUpWhenTold(t *testing.T) {
	w := newWorld(t)
	w.work()
	w.eventually("the roster is read", func() bool {
		at := ""
		w.read(func(r *storage.Reader) (err error) {
			if at, err = r.Meta(bot.MetaRoster); storage.IsNotFound(err) {
				return nil
			}
			return err
		})
		return at != ""
	})
	w.read(func(r *storage.Reader) error {
		p, err := r.PersonBySlack(w.ana)
		if err != nil || p.RealName != "Ana" || p.Bot || p.Guest {
			t.Errorf("ana is %+v, %v", p, err)
		}
		team, err := r.Team()
		if team != w.slack.Identity().TeamID {
			t.Errorf("the team is %q", team)
		}
		return err
	})
	later := w.slack.AddUser(slackfake.User{Name: "late", RealName: "Late", Guest: true})
	w.write(func(tx *storage.Tx) error { return tx.Enqueue(bot.PersonArgs{SlackID: later}, nil) })
	w.eventually("the newcomer is known", func() bool {
		var p storage.Person
		w.read(func(r *storage.Reader) (err error) {
			if p, err = r.PersonBySlack(later); storage.IsNotFound(err) {
				return nil
			}
			return err
		})
		return p.RealName == "Late" && p.Guest
	})
	if n := len(w.slack.Calls("users.list")); n != 1 {
		t.Errorf("the list was read %d times", n)
	}
}

func TestLimitsAreSharedThroughTheDatabase(t *testing.T) {
	w := newWorld(t)
	first, second := jobs.Limits{Store: w.store}, jobs.Limits{Store: w.store}
	b := []outbound.Bucket{{Name: "x", Interval: time.Hour, Burst: 1}}
	if wait, err := first.Reserve(t.Context(), b); wait != 0 || err != nil {
		t.Fatalf("the first waits %v, %v", wait, err)
	}
	if wait, err := second.Reserve(t.Context(), b); wait <= 0 || err != nil {
		t.Fatalf("the second waits %v, %v", wait, err)
	}
	until := w.clock.Now().Add(10 * time.Hour)
	if err := first.Block(t.Context(), "y", until); err != nil {
		t.Fatal(err)
	}
	if wait, err := second.Reserve(t.Context(), []outbound.Bucket{{Name: "y", Interval: time.Second, Burst: 9}}); wait < 9*time.Hour || err != nil {
		t.Fatalf("a closed limit is waited for %v, %v", wait, err)
	}
}
