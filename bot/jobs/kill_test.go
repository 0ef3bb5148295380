package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/bot/slackio"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/templates"
)

// What the killed program is told, in its environment.
const (
	killAt    = "ROLLCALL_TEST_KILL_AT" // which of the points; 0 for none
	killDB    = "ROLLCALL_TEST_KILL_DB"
	killSlack = "ROLLCALL_TEST_KILL_SLACK"
	killToken = "ROLLCALL_TEST_KILL_BOT"
)

// deaths is a program that dies, as by kill -9, when it comes to a point: before
// and after each call to Slack, inside each write that is fenced, and before
// each decision.
type deaths struct{ at, seen atomic.Int64 }

func (d *deaths) point() {
	if d.seen.Add(1) == d.at.Load() {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // until the signal arrives
	}
}

func (d *deaths) RoundTrip(r *http.Request) (*http.Response, error) {
	d.point()
	resp, err := http.DefaultTransport.RoundTrip(r)
	d.point()
	return resp, err
}

// rushed is the machine's clock, but for waits, which are short.
type rushed struct{}

func (rushed) Now() time.Time { return time.Now() }

func (rushed) Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d / 20):
		return nil
	}
}

func (r rushed) Until(ctx context.Context, at time.Time) error { return r.Sleep(ctx, time.Until(at)) }

// victim is the program: a store, a conversation and workers.
func victim(t *testing.T, d *deaths, url, address, token string) (*storage.Store, *bot.Service, *jobs.Workers) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	id := func() string { d.point(); return uuid.NewString() }
	store, err := storage.Open(t.Context(), storage.Options{
		URL: url, Now: time.Now, NewID: id, Log: log,
		// An hour ahead for whoever comes after a death, so that no lease is waited for.
		Wall: func() time.Time {
			d.point()
			if d.at.Load() == 0 {
				return time.Now().Add(time.Hour)
			}
			return time.Now()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close(context.WithoutCancel(t.Context())) })
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := slackio.New(slackio.Options{
		Token: token, APIURL: address, Transport: d, Now: time.Now, Sleep: rushed{}.Sleep, Wall: time.Now, Book: book, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	chain, err := calls.New([]string{"static:https://meet.example.org/all"}, id)
	if err != nil {
		t.Fatal(err)
	}
	talk := bot.New(bot.Options{
		Store: store, Book: book, Calls: chain, Clock: rushed{}, NewID: id, Log: log,
		Policy: &incident.Policy{DefaultSeverity: 2, Zone: time.UTC, DefaultTasks: []string{"find the surface", "roll back"}},
	})
	return store, talk, jobs.New(jobs.Options{
		Store: store, Clock: rushed{}, Slack: out, Talk: talk, Decider: talk, Announce: "incidents", NewID: id, Log: log,
		Publish: func(context.Context, incident.ID, int) (outbound.File, error) {
			return outbound.File{Name: "INC-1.md", Title: "INC-1", Body: []byte("# INC-1\n")}, nil
		},
	})
}

// TestTheVictim is the program that is killed; it does nothing unless it is told to.
func TestTheVictim(t *testing.T) {
	at, err := strconv.ParseInt(os.Getenv(killAt), 10, 64)
	if err != nil {
		t.Skip("run by TestKilledAnywhereNothingIsLostOrDoubled")
	}
	var d deaths
	store, _, workers := victim(t, &d, os.Getenv(killDB), os.Getenv(killSlack), os.Getenv(killToken))
	d.at.Store(at)
	stop, err := workers.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for left := int64(1); left > 0; {
		err := store.Read(t.Context(), func(r *storage.Reader) error {
			b, err := r.Backlog()
			left = b.Effects[storage.EffectPending] + b.Effects[storage.EffectSending] + b.Cards
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		_ = rushed{}.Sleep(t.Context(), 200*time.Millisecond)
	}
	if err := stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// shortForm is how many points a normal run tries; ROLLCALL_TEST_KILLS=all tries
// every one.
const shortForm = 6

func TestKilledAnywhereNothingIsLostOrDoubled(t *testing.T) {
	if killed := kill(t, 1<<40); killed { // counts nothing: it must live
		t.Fatal("it died by itself")
	}
	step, last := int64(points/shortForm), int64(points)
	if os.Getenv("ROLLCALL_TEST_KILLS") == "all" {
		step, last = 1, 1<<30
	}
	n := int64(0)
	for at := int64(3); at < last; at += step {
		n++
		if !kill(t, at) {
			break // it came to its end before the point
		}
	}
	t.Logf("killed %d times", n)
}

// points is about how many points the story has.
const points = 90

// kill tells a story to a program that dies at a point, has another one go on,
// and looks whether all is in Slack once.
func kill(t *testing.T, at int64) (killed bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	slack := slackfake.New(slackfake.Options{Now: time.Now})
	ana, bob := slack.AddUser(slackfake.User{Name: "ana"}), slack.AddUser(slackfake.User{Name: "bob"})
	announce := slack.AddChannel("incidents", false, ana, slack.Identity().BotUserID)
	address, err := slack.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	url := "sqlite:" + filepath.Join(t.TempDir(), "rollcall.db")
	var none deaths
	store, talk, _ := victim(t, &none, url, address, slack.BotToken())
	for n, text := range []string{
		"open Checkout is down", "invite <@" + bob + ">", "task look at the queue", "decide roll everything back", "note it is the queue",
	} {
		a := talk.Handle(ctx, bot.Request{
			Delivery: bot.Delivery{Source: "test", ID: fmt.Sprint(n)}, Surface: "slash", Text: text, Confirmed: true,
			From: bot.From{Team: slack.Identity().TeamID, User: ana, Name: "ana"},
		})
		if a.Kind != bot.Done {
			t.Fatalf("%q was answered (%s): %s", text, a.Kind, a.Text)
		}
	}
	err = store.Write(ctx, func(tx *storage.Tx) error {
		all, err := tx.RawBriefs()
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(bob)
		if err != nil {
			return err
		}
		tell := post(2)
		tell.Kind, tell.People = incident.Tell, []incident.PersonID{p.ID}
		return tx.AddEffects(all[0].ID, []incident.Effect{post(1), tell, {Kind: incident.Publish}})
	})
	if err = errors.Join(err, store.Close(ctx)); err != nil {
		t.Fatal(err)
	}
	for n, death := range []int64{at, 0} {
		child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestTheVictim$", "-test.timeout=40s")
		child.Env = append(os.Environ(), killAt+"="+strconv.FormatInt(death, 10), killDB+"="+url, killSlack+"="+address, killToken+"="+slack.BotToken())
		said, err := child.CombinedOutput()
		var exit *exec.ExitError
		if errors.As(err, &exit) && n == 0 && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL { //nolint:forcetypeassert // on this system
			killed = true
		} else if err != nil {
			t.Fatalf("point %d: %v\n%s", at, err, said)
		}
	}
	for _, wrong := range told(slack, announce, ana, bob) {
		t.Errorf("killed at point %d: %s", at, wrong)
	}
	if t.Failed() {
		for _, c := range slack.Calls("") {
			t.Logf("%s ok=%v done=%v %s", c.Method, c.OK, c.Done, c.Error)
		}
		t.FailNow()
	}
	return killed
}

// told lists what of the story is not in Slack exactly once.
func told(slack *slackfake.Workspace, announce, ana, bob string) (wrong []string) {
	once := func(what string, n int) {
		if n != 1 {
			wrong = append(wrong, fmt.Sprintf("%s is there %d times", what, n))
		}
	}
	rooms := slack.Snapshot().Channels
	var id string
	n := 0
	for _, room := range rooms {
		if strings.HasPrefix(room.Name, "inc-") {
			n, id = n+1, room.ID
		}
	}
	once("the channel", n)
	ch, _ := slack.Channel(id)
	if !slices.Contains(ch.Members, ana) || !slices.Contains(ch.Members, bob) || ch.Topic == "" {
		wrong = append(wrong, fmt.Sprintf("the channel is %+v", ch.Channel))
	}
	if len(ch.Pins) != 2 { // the summary and the decision
		wrong = append(wrong, fmt.Sprintf("pins: %v", ch.Pins))
	}
	all := slack.Messages(id)
	if len(all) > 0 && !strings.Contains(all[0].Plain(), "Checkout is down") {
		wrong = append(wrong, "the summary is not the first message")
	}
	for _, text := range []string{"find the surface", "roll back", "look at the queue", "roll everything back", "N1"} {
		n := 0
		for _, m := range all[min(1, len(all)):] {
			if strings.Contains(m.Plain(), text) {
				n++
			}
		}
		once(text, n)
	}
	once("the bookmark", len(ch.Bookmarks))
	once("the announcement", len(slack.Messages(announce)))
	once("the direct message", len(slack.DirectMessages(bob)))
	shares := 0
	for _, f := range slack.Files() {
		shares += len(f.Shares)
	}
	once("the RFO", shares)
	return wrong
}
