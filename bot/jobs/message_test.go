package jobs_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// pins are the messages on an incident's timeline.
func (w *world) pins(id incident.ID) int { return len(w.incident(id).Log.Pins) }

// pinned opens an incident, has ana pin a message in its channel, and tells of it as
// Slack's event does.
func (w *world) pinned() (id incident.ID, tell func(event, why string)) {
	w.t.Helper()
	id = w.open("Checkout is down")
	w.eventually("there is a channel", func() bool { return w.incident(id).Channel.ID != "" })
	channel := w.incident(id).Channel.ID
	w.eventually("ana is in it", func() bool {
		ch, ok := w.slack.Channel(channel)
		return ok && slices.Contains(ch.Members, w.ana)
	})
	ana := w.slack.Actor(w.ana)
	m, err := ana.Post(w.t.Context(), channel, "", "the queue is full")
	if err == nil {
		err = ana.React(w.t.Context(), channel, m.TS, bot.PinEmoji)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return id, func(event, why string) {
		w.t.Helper()
		err := w.bot.Observe(w.t.Context(), bot.Happening{
			Delivery: bot.Delivery{Source: "slack.event", ID: event}, Type: why, User: w.ana, Channel: channel, TS: m.TS, Emoji: bot.PinEmoji,
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestAPinIsStoredOnceThroughTrouble(t *testing.T) {
	for name, fault := range map[string]slackfake.Fault{
		"limited": {Kind: slackfake.Limited, RetryAfter: 2}, "reset": {Kind: slackfake.Reset}, "fatal": {Kind: slackfake.BodyError, Error: "fatal_error"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.work()
			id, tell := w.pinned()
			fault.Method, fault.Times = "reactions.get", 1
			w.slack.Inject(fault)
			tell("E1", "reaction_added")
			tell("E1", "reaction_added")
			w.eventually("it is pinned", func() bool {
				w.clock.advance(time.Second)
				return w.pins(id) == 1
			})
			tell("E2", "reaction_added")
			w.eventually("nothing is left to do", func() bool {
				var jobs int64
				w.read(func(r *storage.Reader) error {
					b, err := r.Backlog()
					for _, state := range []string{"available", "running", "retryable", "scheduled"} {
						jobs += b.Jobs[state]
					}
					return err
				})
				w.clock.advance(time.Second)
				return jobs == 0
			})
			if n := w.pins(id); n != 1 {
				t.Errorf("it is pinned %d times", n)
			}
		})
	}
}

func TestAMessageThatMayNotBeReadIsGivenUp(t *testing.T) {
	w := newWorld(t)
	w.work()
	id, tell := w.pinned()
	w.slack.Inject(slackfake.Fault{Method: "reactions.get", Kind: slackfake.BodyError, Error: "missing_scope", Times: 1})
	tell("E1", "reaction_added")
	w.eventually("it was asked for", func() bool { return len(w.slack.Calls("reactions.get")) == 1 })
	tell("E2", "reaction_added") // pinned again, it works
	w.eventually("it is pinned", func() bool { return w.pins(id) == 1 })
	if calls := w.slack.Calls("reactions.get"); len(calls) != 2 || !slices.ContainsFunc(calls, func(c slackfake.Call) bool { return c.Error == "missing_scope" }) {
		t.Errorf("%v", calls)
	}
}
