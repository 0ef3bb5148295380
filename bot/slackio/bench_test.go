package slackio

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/incident"
)

// bench is a Slack to try steps on. Its clock stands still but for what steps
// wait for.
type bench struct {
	*slackfake.Workspace
	*Client
	t     *testing.T
	clock *clock.Movable
}

func newBench(t *testing.T) *bench {
	t.Helper()
	now := clock.Frozen(start.Add(time.Second))
	ws := slackfake.New(slackfake.Options{Now: now.Now, StrictRates: true})
	address, err := ws.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(Options{
		Token: ws.BotToken(), APIURL: address, Now: now.Now, Wall: time.Now, Book: texts(t), Log: slog.New(slog.DiscardHandler),
		Sleep: func(ctx context.Context, d time.Duration) error { now.Advance(d); return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.http.CloseIdleConnections)
	return &bench{Workspace: ws, Client: c, t: t, clock: now}
}

// carry takes a step as the workers do, until it succeeds: after an end that is
// not clear with again set.
func (b *bench) carry(step func(again bool) error) (attempts int) {
	b.t.Helper()
	again := false
	for attempts = 1; attempts <= 6; attempts++ {
		f := outbound.FailureOf(step(again))
		switch {
		case f == nil:
			return attempts
		case f.End == outbound.Refused:
			b.t.Fatalf("refused: %v (%s)", f, f.Fix)
		case f.End == outbound.Unclear:
			again = true
		}
		b.clock.Advance(f.Wait + time.Second)
	}
	b.t.Fatal("never done")
	return attempts
}

func wanted(i *incident.Incident) outbound.Channel {
	return outbound.Channel{Name: i.Identity.ChannelName, Spare: "inc-7-0190", Since: i.Identity.OpenedAt, Proof: string(i.ID)}
}

// steps are what is carried out, and how often its result is there afterwards.
var steps = map[string]struct {
	methods []string // that may go wrong
	take    func(b *bench, again bool) error
	count   func(b *bench) int
}{
	"channel": {
		[]string{"conversations.create", "conversations.setPurpose"},
		func(b *bench, again bool) error {
			want := wanted(outage())
			want.Again = again
			_, err := b.OpenChannel(b.t.Context(), want)
			return err
		},
		func(b *bench) int {
			n := 0
			for _, ch := range b.Snapshot().Channels {
				if strings.HasPrefix(ch.Name, "inc-") {
					n++
				}
			}
			return n
		},
	},
	"private channel": {
		[]string{"conversations.create"},
		func(b *bench, again bool) error {
			want := wanted(outage())
			want.Again, want.Private = again, true
			_, err := b.OpenChannel(b.t.Context(), want)
			return err
		},
		func(b *bench) int { return len(b.Snapshot().Channels) - 1 },
	},
	"message": {
		[]string{"chat.postMessage"},
		func(b *bench, again bool) error {
			_, err := b.Post(b.t.Context(), note(outbound.Place{Channel: "C0001"}, again))
			return err
		},
		func(b *bench) int { return b.MessageCount("general") },
	},
	"message in a thread": {
		[]string{"chat.postMessage"},
		func(b *bench, again bool) error {
			_, err := b.Post(b.t.Context(), note(outbound.Place{Channel: "C0001", Thread: b.root()}, again))
			return err
		},
		func(b *bench) int { return b.MessageCount("general") - 1 },
	},
	"direct message": {
		[]string{"conversations.open", "chat.postMessage"},
		func(b *bench, again bool) error {
			_, err := b.Post(b.t.Context(), note(outbound.Place{User: b.person()}, again))
			return err
		},
		func(b *bench) int { return len(b.DirectMessages(b.person())) },
	},
	"summary": {
		[]string{"chat.postMessage", "pins.add"},
		func(b *bench, again bool) error { return b.draw(incident.SummaryCard, again) },
		func(b *bench) int {
			ch, _ := b.Channel("general")
			return b.MessageCount("general") * len(ch.Pins)
		},
	},
	"bookmark": {
		[]string{"bookmarks.list", "bookmarks.add"},
		func(b *bench, again bool) error { return b.draw(incident.BookmarkCard, again) },
		func(b *bench) int { ch, _ := b.Channel("general"); return len(ch.Bookmarks) },
	},
	"call": {
		[]string{"calls.add", "chat.postMessage"},
		func(b *bench, again bool) error { return b.draw(incident.CallCard, again) },
		func(b *bench) int { return b.MessageCount("general") },
	},
	"topic": {
		[]string{"conversations.setTopic"},
		func(b *bench, again bool) error { return b.draw(incident.TopicCard, again) },
		func(b *bench) int { return strings.Count(topicOf(b), "sev1 · open") },
	},
	"invitation": {
		[]string{"conversations.invite"},
		func(b *bench, _ bool) error {
			left, err := b.Invite(b.t.Context(), b.own(), []string{b.person(), b.Identity().BotUserID})
			if len(left) > 0 {
				b.t.Fatalf("left out: %v", left)
			}
			return err
		},
		func(b *bench) int { ch, _ := b.Channel("own"); return len(ch.Members) - 1 },
	},
	"file": {
		[]string{"files.getUploadURLExternal", "upload", "files.completeUploadExternal"},
		func(b *bench, _ bool) error {
			return b.Upload(b.t.Context(), outbound.File{
				Name: "INC-7.md", Title: "INC-7", Body: []byte("# INC-7\n"), To: outbound.Place{Channel: "C0001"},
			}, saved[b], func(id string) error { saved[b] = id; return nil })
		},
		func(b *bench) int {
			n := 0
			for _, f := range b.Files() {
				n += len(f.Shares)
			}
			return n
		},
	},
	"archive": {
		[]string{"conversations.archive"},
		func(b *bench, _ bool) error { return b.Archive(b.t.Context(), b.own()) },
		func(b *bench) int {
			if ch, _ := b.Channel("own"); ch.Archived {
				return 1
			}
			return 0
		},
	},
}

// saved and drawn are what the workers would keep in rows.
var (
	saved = map[*bench]string{}
	drawn = map[*bench]outbound.Sent{}
)

func (b *bench) draw(card incident.Card, again bool) error {
	var err error
	drawn[b], err = b.Draw(b.t.Context(), outbound.Card{
		Card: card, Incident: outage(), View: view(), To: outbound.Place{Channel: "C0001"}, Since: start, Again: again, Sent: drawn[b],
	})
	return err
}

func note(to outbound.Place, again bool) outbound.Post {
	return outbound.Post{
		Op: "op-1", To: to, Incident: "0190-7", Since: start.Add(time.Second), Again: again, View: view(),
		Say: incident.Say{ID: "card_task.gone", Args: incident.Args{"id": "T2"}},
	}
}

func topicOf(b *bench) string { ch, _ := b.Channel("general"); return ch.Topic }

// person is the one person that the bench has.
func (b *bench) person() string {
	for _, u := range b.Snapshot().Users {
		if u.Name == "ana" {
			return u.ID
		}
	}
	return b.AddUser(slackfake.User{Name: "ana", RealName: "Ana", TZ: "Europe/Berlin"})
}

// own is a channel that Rollcall made.
func (b *bench) own() string {
	if ch, ok := b.Channel("own"); ok {
		return ch.ID
	}
	return b.AddChannel("own", false, b.Identity().BotUserID)
}

// root is the first message of the general channel.
func (b *bench) root() string {
	if all := b.Messages("general"); len(all) > 0 {
		return all[0].TS
	}
	sent, err := b.post(b.t.Context(), "C0001", "", Message{Text: "root"})
	if err != nil {
		b.t.Fatal(err)
	}
	return sent.TS
}
