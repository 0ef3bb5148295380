package jobs_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

func TestAnOpenedIncidentIsInSlackOnce(t *testing.T) {
	w := newWorld(t)
	w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	inc := w.incident(id)
	ch, ok := w.slack.Channel(inc.Channel.ID)
	if !ok || ch.Name != "inc-1-checkout-is-down" || !slices.Contains(ch.Members, w.ana) || !strings.Contains(ch.Purpose, string(id)) {
		t.Fatalf("the channel is %+v", ch.Channel)
	}
	if n := w.slack.MessageCount(ch.ID); n != 4 { // the summary and three tasks
		t.Errorf("%d messages in the channel", n)
	}
	if len(ch.Pins) != 1 || len(ch.Bookmarks) != 1 || !strings.Contains(ch.Topic, "sev2") {
		t.Errorf("pins %v, bookmarks %v, topic %q", ch.Pins, ch.Bookmarks, ch.Topic)
	}
	card := w.slack.Messages(w.announce)
	if len(card) != 1 || !strings.Contains(card[0].Plain(), "<#"+ch.ID+">") {
		t.Errorf("announced: %+v", card)
	}
	w.read(func(r *storage.Reader) error {
		found, err := r.RawByChannel(ch.ID)
		if found != id {
			t.Errorf("the channel leads to %q", found)
		}
		return err
	})
	before := func(first, then string) {
		t.Helper()
		a, b := w.slack.Calls(first), w.slack.Calls(then)
		if len(a) == 0 || len(b) == 0 || a[0].Seq > b[0].Seq {
			t.Errorf("%s was not before %s", first, then)
		}
	}
	before("conversations.create", "conversations.invite")
	before("conversations.invite", "chat.postMessage")
	before("pins.add", "bookmarks.add")
	w.calm()
}

func TestAPrivateIncidentStaysInItsChannel(t *testing.T) {
	w := newWorld(t)
	w.work()
	id := w.open("private Somebody has our keys")
	w.settled(id)
	ch, _ := w.slack.Channel(w.incident(id).Channel.ID)
	if ch.Kind != slackfake.Private || ch.Name != "inc-1" {
		t.Errorf("the channel is %+v", ch.Channel)
	}
	for _, c := range w.slack.Mentioning("our keys") {
		if where := c.Args["channel"] + c.Args["channel_id"]; where != ch.ID {
			t.Errorf("told elsewhere: %s", c)
		}
	}
}

func TestStepsGoInOrderAndUrgentOnesFirst(t *testing.T) {
	w := newWorld(t)
	w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	channel := w.incident(id).Channel.ID
	var bob incident.PersonID
	w.write(func(tx *storage.Tx) (err error) {
		bob, err = tx.UpsertPerson(storage.Person{SlackID: w.bob, Name: "bob"})
		return err
	})
	var posts []incident.Effect
	for n := range 12 { // more than may be posted at once
		posts = append(posts, post(n))
	}
	w.add(id, append(posts, incident.Effect{Kind: incident.Invite, People: []incident.PersonID{bob}})...)
	w.settled(id)
	var got []string
	for _, m := range w.slack.Messages(channel) {
		if strings.Contains(m.Text, "was taken back") {
			got = append(got, m.Text)
		}
	}
	for n := range 12 {
		if len(got) != 12 || !strings.Contains(got[n], fmt.Sprintf("*N%d*", n)) {
			t.Fatalf("posted %d, in the order %q", len(got), got)
		}
	}
	invites, all := w.slack.Calls("conversations.invite"), w.slack.Calls("chat.postMessage")
	if invites[len(invites)-1].Seq > all[len(all)-1].Seq {
		t.Error("the invitation waited for messages")
	}
	w.calm()
}

func TestManyChangesAreOneEdit(t *testing.T) {
	w := newWorld(t)
	stop := w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	stop()
	edits := len(w.slack.Calls("chat.update"))
	for n := range 10 {
		w.does(w.ana, w.incident(id).Channel.ID, fmt.Sprintf("title Checkout is down, guess %d", n))
	}
	w.work()
	w.settled(id)
	if n := len(w.slack.Calls("chat.update")) - edits; n != 2 { // summary and announcement
		t.Errorf("%d edits", n)
	}
	if all := w.slack.Messages(w.announce); len(all) != 1 || !strings.Contains(all[0].Plain(), "guess 9") {
		t.Errorf("announced: %+v", all)
	}
}

func TestWhatACrashLeftIsTakenUpAndNotDoubled(t *testing.T) {
	w := newWorld(t)
	stop := w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	stop()
	channel := w.incident(id).Channel.ID
	w.add(id, post(1), post(2))
	// A process marks the first step, takes it, and dies before it notes so.
	var e storage.Effect
	w.write(func(tx *storage.Tx) error {
		st, ok, err := tx.AcquireStream(id, "dead", time.Millisecond)
		if err != nil || !ok {
			t.Fatalf("acquire: %v, %v", ok, err)
		}
		open, err := tx.RawEffects(id)
		if err != nil || len(open) == 0 {
			t.Fatalf("next: %v, %v", open, err)
		}
		e = open[0]
		return tx.MarkSending(st, e.ID)
	})
	w.eventually("the limit lets it pass", func() bool {
		_, err := w.out.Post(t.Context(), outbound.Post{
			Op: e.ID, To: outbound.Place{Channel: channel}, Incident: id, Say: e.Step.Say, View: outbound.View{Who: names{}}, Since: e.At,
		})
		return err == nil
	})
	w.wall.ahead.Store(int64(time.Second)) // the dead one's lease ends
	w.work()
	w.settled(id)
	for n := 1; n <= 2; n++ {
		if c := len(w.slack.Mentioning(fmt.Sprintf("*N%d*", n))); c != 1 {
			t.Errorf("N%d was sent %d times", n, c)
		}
	}
	if n := len(w.slack.Calls("conversations.history")); n == 0 {
		t.Error("nobody looked before repeating")
	}
}

// names calls everybody the same.
type names struct{}

func (names) Name(incident.PersonID) string    { return "Ana" }
func (names) SlackID(incident.PersonID) string { return "" }

func TestAStoppedProcessHandsBackWhatIsLeft(t *testing.T) {
	w := newWorld(t)
	stop := w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	var posts []incident.Effect
	for n := range 30 {
		posts = append(posts, post(n))
	}
	w.add(id, posts...)
	w.eventually("some are posted", func() bool { return len(w.slack.Mentioning("was taken back")) > 3 })
	stop()
	began := time.Now()
	w.work()
	w.settled(id)
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("the next process waited %v, as for a lease", took)
	}
	for n := range 30 {
		if c := len(w.slack.Mentioning(fmt.Sprintf("*N%d*", n))); c != 1 {
			t.Errorf("N%d was sent %d times", n, c)
		}
	}
}

// slow is a Slack in which the next message takes until it is told to end.
type slow struct {
	jobs.Slack
	once    sync.Once
	reached chan struct{}
	end     chan struct{}
}

func (s *slow) Post(ctx context.Context, p outbound.Post) (outbound.Sent, error) {
	s.once.Do(func() { close(s.reached); <-s.end })
	return s.Slack.Post(ctx, p)
}

func TestWhoLostTheStreamNotesNothingMore(t *testing.T) {
	w := newWorld(t)
	stop := w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	stop()
	s := &slow{Slack: w.out, reached: make(chan struct{}), end: make(chan struct{})}
	stop = w.work(func(o *jobs.Options) { o.Slack = s })
	w.add(id, post(1), post(2))
	<-s.reached
	// The worker stands still for longer than its lease; another one takes over.
	w.wall.ahead.Store(int64(storage.StreamLease + time.Second))
	var second storage.Stream
	w.write(func(tx *storage.Tx) (err error) {
		var ok bool
		if second, ok, err = tx.AcquireStream(id, "second", time.Hour); !ok {
			t.Error("the second worker did not get the stream")
		}
		return err
	})
	close(s.end)
	stop()
	w.read(func(r *storage.Reader) error {
		left, err := r.RawEffects(id)
		if len(left) != 2 || left[0].State != storage.EffectSending || left[1].State != storage.EffectPending {
			t.Errorf("the first worker went on: %+v", left)
		}
		return err
	})
	w.write(func(tx *storage.Tx) error { return tx.Hold(second) })
	if n := len(w.slack.Mentioning("*N2*")); n != 0 {
		t.Errorf("the second step was sent %d times", n)
	}
}
