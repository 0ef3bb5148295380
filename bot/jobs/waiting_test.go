package jobs_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// gate is a Slack in which some calls wait until it is opened.
type gate struct {
	jobs.Slack
	channels, lookups bool // which calls
	open              chan struct{}
	once              sync.Once
}

func (g *gate) pass() { g.once.Do(func() { close(g.open) }) }

func (g *gate) OpenChannel(ctx context.Context, want outbound.Channel) (incident.Channel, error) {
	if g.channels {
		<-g.open
	}
	return g.Slack.OpenChannel(ctx, want)
}

func (g *gate) ChannelByName(ctx context.Context, name string) (incident.Channel, bool, error) {
	if g.lookups {
		<-g.open
	}
	return g.Slack.ChannelByName(ctx, name)
}

func TestAnAnswerIsNotBehindTheIncidents(t *testing.T) {
	w := newWorld(t)
	g := &gate{Slack: w.out, channels: true, open: make(chan struct{})}
	w.work(func(o *jobs.Options) { o.Slack = g })
	t.Cleanup(g.pass)
	for n := range 60 { // more than there are workers
		w.does(w.ana, "C-elsewhere", fmt.Sprint("open Nothing works ", n))
	}
	w.delivered("d1", bot.ReplyTo{Channel: w.announce, User: w.ana}, bot.Answer{Kind: bot.Done, Text: "T2 is done."}, w.clock.Now())
	w.eventually("the answer is brought", func() bool { return w.replyTo("d1") == "" })
}

func TestALongSearchForTheAnnouncementChannelHoldsUpNoOtherIncident(t *testing.T) {
	w := newWorld(t)
	g := &gate{Slack: w.out, lookups: true, open: make(chan struct{})}
	w.work(func(o *jobs.Options) { o.Slack = g })
	t.Cleanup(g.pass)
	first := w.open("Checkout is down")
	w.eventually("somebody searches", func() bool { return w.incident(first).Channel.ID != "" })
	second := w.open("Search is slow")
	w.eventually("one of both has all but its announcement", func() bool {
		for _, id := range []incident.ID{first, second} {
			ch, _ := w.slack.Channel(w.incident(id).Channel.ID)
			if w.slack.MessageCount(ch.ID) == 4 && ch.Topic != "" {
				return true
			}
		}
		return false
	})
	g.pass()
	w.settled(first)
	w.settled(second)
	if n := w.slack.MessageCount(w.announce); n != 2 {
		t.Errorf("%d announcements", n)
	}
}

func TestALongTurnEndsAndGoesOn(t *testing.T) {
	w := newWorld(t)
	w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	var posts []incident.Effect
	for n := range 60 { // a minute's worth, at one a second
		posts = append(posts, post(n))
	}
	w.add(id, posts...)
	w.settled(id)
	for n := range 60 {
		if c := len(w.slack.Mentioning(fmt.Sprintf("*N%d*", n))); c != 1 {
			t.Errorf("N%d was sent %d times", n, c)
		}
	}
	w.calm()
}

func TestAMomentThatCameTooEarlyComesAgain(t *testing.T) {
	w := newWorld(t)
	id := w.open("Checkout is down")
	early := w.incident(id).Identity.OpenedAt.Add(time.Minute)
	w.write(func(tx *storage.Tx) error { // as an earlier configuration left it
		return tx.SetDues(id, []incident.Due{{Kind: "leader.ask", At: early}})
	})
	w.clock.advance(2 * time.Minute)
	w.work()
	var dues []incident.Due
	w.eventually("it is stored again", func() bool {
		w.read(func(r *storage.Reader) (err error) { dues, err = r.Dues(id); return err })
		return len(dues) == 1 && dues[0].At.After(early)
	})
	if dues[0].Kind != "leader.ask" {
		t.Errorf("the moments are %+v", dues)
	}
}
