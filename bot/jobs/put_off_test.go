package jobs_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// idle waits until no job is left.
func (w *world) idle() {
	w.t.Helper()
	w.eventually("no job is left", func() bool { return w.waiting() == 0 })
}

// waiting counts the jobs that are not finished.
func (w *world) waiting() (n int64) {
	w.t.Helper()
	w.read(func(r *storage.Reader) error {
		b, err := r.Backlog()
		n = 0
		for _, of := range b.Jobs {
			n += of
		}
		return err
	})
	return n
}

// TestWhatIsToldInTheAnnouncementChannelIsToldOnce: the reply to a message is lost,
// and the job that sent it is put off and takes it up again.
func TestWhatIsToldInTheAnnouncementChannelIsToldOnce(t *testing.T) {
	for what, begin := range map[string]func(*world){
		"an alarm": func(w *world) {
			intake := alarm.New(alarm.Options{Bot: w.bot, Log: slog.New(slog.DiscardHandler)})
			err := intake.Take(t.Context(), alarm.Alarm{Report: incident.AlarmReport{
				Ref: incident.AlarmRef{Source: "pagerduty", ID: "P1"}, Kind: incident.AlarmTriggered, At: w.clock.Now(),
				Facts: incident.AlarmFacts{Title: "the queue is full"},
			}})
			if err != nil {
				t.Fatal(err)
			}
		},
		"the digest": func(w *world) {
			w.write(func(tx *storage.Tx) error { return tx.Enqueue(bot.DigestArgs{Op: "digest-1", At: w.clock.Now()}, nil) })
		},
	} {
		t.Run(what, func(t *testing.T) {
			w := newWorld(t)
			w.slack.Inject(slackfake.Fault{Method: "chat.postMessage", Kind: slackfake.LostReply, Times: 1})
			begin(w)
			w.work(func(o *jobs.Options) {
				o.Digest = jobs.Digest{Zone: time.UTC, Text: func(context.Context) (incident.Say, bool, error) {
					return incident.Say{ID: "card_task.gone", Args: incident.Args{"id": "N1"}}, true, nil
				}}
			})
			w.idle()
			if n := len(w.slack.Messages(w.announce)); n != 1 {
				t.Errorf("%s stands %d times in the announcement channel", what, n)
			}
		})
	}
}

// TestHomesThatCannotBeShownDoNotPileUp: while Slack takes no App Home, incidents go
// on changing.
func TestHomesThatCannotBeShownDoNotPileUp(t *testing.T) {
	w := newWorld(t)
	w.work()
	for _, user := range []string{w.ana, w.bob} {
		err := w.bot.Observe(t.Context(), bot.Happening{Delivery: bot.Delivery{Source: "slack.event", ID: w.id()}, Type: "app_home_opened", User: user})
		if err != nil {
			t.Fatal(err)
		}
	}
	shown := func(user string) (n int) {
		for _, c := range w.slack.Calls("views.publish") {
			if c.OK && c.Args["user_id"] == user {
				n++
			}
		}
		return n
	}
	w.eventually("both have seen their Home", func() bool { return shown(w.ana) > 0 && shown(w.bob) > 0 })
	heal := w.slack.Inject(slackfake.Fault{Method: "views.publish", Kind: slackfake.BodyError, Error: "internal_error", Match: func(c slackfake.Call) bool { return c.Args["user_id"] == w.ana }})
	before := shown(w.bob)
	id := w.open("checkout is down")
	w.settled(id)
	w.eventually("bob's Home is brought up to date although ana's cannot be", func() bool { return shown(w.bob) > before })
	for range 4 {
		tried := len(w.slack.Calls("views.publish"))
		w.does(w.ana, w.incident(id).Channel.ID, "note still looking")
		w.clock.advance(time.Minute)
		w.eventually("another try", func() bool { return len(w.slack.Calls("views.publish")) > tried })
	}
	w.eventually("one job is under way for her Home, whatever else there may be", func() bool { return w.waiting() <= 2 })
	heal()
	had := shown(w.ana)
	w.clock.advance(time.Minute)
	w.eventually("ana's Home is up to date in the end", func() bool { return shown(w.ana) > had })
}
