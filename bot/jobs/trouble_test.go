package jobs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

func TestLostRepliesAtOpeningDoubleNothing(t *testing.T) {
	for _, kind := range []slackfake.FaultKind{slackfake.LostReply, slackfake.Reset} {
		t.Run(string(kind), func(t *testing.T) {
			w := newWorld(t)
			for _, method := range []string{
				"conversations.create", "conversations.invite", "chat.postMessage", "pins.add", "bookmarks.add", "conversations.setTopic",
			} {
				w.slack.Inject(slackfake.Fault{Method: method, Kind: kind, Times: 1})
			}
			w.work()
			id := w.open("Checkout is down")
			w.settled(id)
			ch, _ := w.slack.Channel(w.incident(id).Channel.ID)
			if n := len(w.slack.Snapshot().Channels); n != 3 { // general, incidents, and the incident's
				t.Errorf("%d channels", n)
			}
			if n := w.slack.MessageCount(ch.ID); n != 4 || len(ch.Pins) != 1 || len(ch.Bookmarks) != 1 || len(w.slack.Messages(w.announce)) != 1 {
				t.Errorf("%d messages, pins %v, bookmarks %v", n, ch.Pins, ch.Bookmarks)
			}
			w.calm()
		})
	}
}

func TestWithoutAChannelTheIncidentGoesOnInAThread(t *testing.T) {
	w := newWorld(t)
	w.slack.Restrict(true)
	w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	if n := len(w.slack.Calls("conversations.create")); n != 1 {
		t.Errorf("tried %d times", n)
	}
	all := w.slack.Messages(w.announce)
	if len(all) != 5 { // the announcement; in its thread the summary and three tasks
		t.Fatalf("%d messages in the announcement channel", len(all))
	}
	for _, m := range all[1:] {
		if m.ThreadTS != all[0].TS {
			t.Errorf("outside the thread: %s", m.Plain())
		}
	}
	told := w.slack.DirectMessages(w.ana)
	if len(told) != 1 || !strings.Contains(told[0].Plain(), "restricted_action") {
		t.Errorf("ana was told %+v", told)
	}
	w.does(w.ana, "C-elsewhere", "INC-1 task look again")
	w.settled(id)
	if n := len(w.slack.Messages(w.announce)); n != 6 {
		t.Errorf("%d messages after one more task", n)
	}
}

func TestWithoutAnAnnouncementChannelPeopleAreToldDirectly(t *testing.T) {
	w := newWorld(t)
	w.slack.Restrict(true)
	w.work(func(o *jobs.Options) { o.Announce = "nowhere" })
	id := w.open("Checkout is down")
	w.settled(id)
	if n := len(w.slack.DirectMessages(w.ana)); n != 5 { // what happened, the summary, three tasks
		t.Errorf("ana got %d messages", n)
	}
}

func TestASlackThatIsDownIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.slack.SetDown(true)
	w.work()
	id := w.open("Checkout is down")
	w.eventually("it was tried several times", func() bool { return len(w.slack.Calls("")) >= 8 })
	w.does(w.ana, "C-elsewhere", "INC-1 task look again") // nobody notices
	w.slack.SetDown(false)
	w.settled(id)
	ch, _ := w.slack.Channel(w.incident(id).Channel.ID)
	if n := w.slack.MessageCount(ch.ID); n != 5 || len(ch.Bookmarks) != 1 || len(w.slack.Messages(w.announce)) != 1 {
		t.Errorf("%d messages, bookmarks %v", n, ch.Bookmarks)
	}
}

func TestRetryAfterIsKept(t *testing.T) {
	w := newWorld(t)
	w.work()
	w.slack.Inject(slackfake.Fault{Method: "chat.postMessage", Kind: slackfake.Limited, RetryAfter: 20, Times: 1, Skip: 1})
	w.slack.Inject(slackfake.Fault{Method: "conversations.create", Kind: slackfake.Limited, RetryAfter: 7, Times: 2})
	id := w.open("Checkout is down")
	w.settled(id)
	w.calm()
	if n := w.slack.MessageCount(w.incident(id).Channel.ID); n != 4 {
		t.Errorf("%d messages", n)
	}
}

func TestAPublishedRFOIsSharedOnce(t *testing.T) {
	w := newWorld(t)
	w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	w.slack.Inject(slackfake.Fault{Method: "files.completeUploadExternal", Kind: slackfake.LostReply, Times: 1})
	w.add(id, incident.Effect{Kind: incident.Publish})
	w.settled(id)
	files := w.slack.Files()
	if len(files) != 1 || len(files[0].Shares) != 1 || files[0].Shares[0].Channel != w.incident(id).Channel.ID || string(files[0].Content) != "# INC-1\n" {
		t.Errorf("the files are %+v", files)
	}
}

func TestEachPersonIsToldOnce(t *testing.T) {
	w := newWorld(t)
	w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	var people []incident.PersonID
	var users []string
	for n := range 4 {
		user := w.slack.AddUser(slackfake.User{Name: fmt.Sprint("p", n), Deleted: n == 1})
		users = append(users, user)
		w.write(func(tx *storage.Tx) error {
			p, err := tx.UpsertPerson(storage.Person{SlackID: user, Name: "p"})
			people = append(people, p)
			return err
		})
	}
	w.slack.Inject(slackfake.Fault{Method: "chat.postMessage", Kind: slackfake.LostReply, Times: 1, Skip: 1})
	tell := post(1)
	tell.Kind, tell.People = incident.Tell, people
	w.add(id, tell)
	w.settled(id)
	for n, user := range users {
		want := 1
		if n == 1 {
			want = 0 // deactivated; the others are told all the same
		}
		if got := len(w.slack.DirectMessages(user)); got != want {
			t.Errorf("person %d was told %d times", n, got)
		}
	}
}

// What Slack never takes does not keep what comes after it from going out, and
// goes out when Slack takes it after all.
func TestAMessageThatSlackNeverTakesHoldsNobodyUp(t *testing.T) {
	w := newWorld(t)
	w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	heal := w.slack.Inject(slackfake.Fault{
		Method: "chat.postMessage", Kind: slackfake.BodyError, Error: "internal_error",
		Match: func(c slackfake.Call) bool { return strings.Contains(c.Args["text"]+c.Args["blocks"], "N1") },
	})
	w.add(id, post(1), post(2), post(3))
	said := func(text string) (n int) {
		for _, m := range w.slack.Messages(w.incident(id).Channel.ID) {
			if strings.Contains(m.Plain(), text) {
				n++
			}
		}
		return n
	}
	w.eventually("the others went out", func() bool { return said("N2") == 1 && said("N3") == 1 })
	if said("N1") != 0 {
		t.Fatal("it was taken")
	}
	heal()
	w.settled(id)
	if n := said("N1"); n != 1 {
		t.Errorf("in the end it is there %d times", n)
	}
	w.calm()
}

func TestAMessageThatSlackNeverTakesIsGivenUpAfterADay(t *testing.T) {
	w := newWorld(t)
	w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	w.slack.Inject(slackfake.Fault{
		Method: "chat.postMessage", Kind: slackfake.BodyError, Error: "internal_error",
		Match: func(c slackfake.Call) bool { return strings.Contains(c.Args["text"]+c.Args["blocks"], "N1") },
	})
	w.add(id, post(1), post(2))
	w.eventually("it is set aside", func() bool {
		aside := false
		w.read(func(r *storage.Reader) error {
			effects, err := r.RawEffects(id)
			for _, e := range effects {
				aside = aside || e.Lane == incident.Apart
			}
			return err
		})
		return aside
	})
	w.clock.advance(25 * time.Hour)
	w.settled(id)
	w.read(func(r *storage.Reader) error {
		effects, err := r.RawEffects(id)
		if len(effects) != 1 || effects[0].State != storage.EffectFailed || !strings.Contains(effects[0].LastError, "internal_error") {
			t.Errorf("left: %+v", effects)
		}
		return err
	})
}
