package jobs_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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

var start = time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)

// fast is how much faster than the machine's the clock of these tests runs, so
// that a second's wait for a limit takes no second.
const fast = 40

// quick is a clock that runs fast and can be moved forward.
type quick struct {
	began time.Time
	speed time.Duration // how much faster than the machine's
	mu    sync.Mutex
	ahead time.Duration
	moved chan struct{}
}

func newQuick(speed time.Duration) *quick {
	return &quick{began: time.Now(), speed: speed, moved: make(chan struct{})}
}

func (q *quick) Now() time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	return start.Add(time.Since(q.began)*q.speed + q.ahead).Truncate(time.Microsecond)
}

func (q *quick) advance(d time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ahead += d
	close(q.moved)
	q.moved = make(chan struct{})
}

func (q *quick) Sleep(ctx context.Context, d time.Duration) error {
	return q.Until(ctx, q.Now().Add(d))
}

func (q *quick) Until(ctx context.Context, at time.Time) error {
	for {
		left := at.Sub(q.Now())
		if left <= 0 {
			return ctx.Err()
		}
		q.mu.Lock()
		moved := q.moved
		q.mu.Unlock()
		timer := time.NewTimer(left/q.speed + time.Millisecond)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-moved:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// wall is the machine's clock, as far as leases go; it can be moved.
type wall struct{ ahead atomic.Int64 }

func (w *wall) Now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

// places are the addresses of the database and of Slack.
type places struct {
	url, address string
	kinds        map[string]int // of events that the program can read; nil for all
	policy       func(*incident.Policy)
}

// world is the whole way from a decision to Slack, with a stand-in of Slack.
type world struct {
	t     *testing.T
	clock *quick
	wall  wall
	slack *slackfake.Workspace
	store *storage.Store
	bot   *bot.Service
	out   *slackio.Client
	last  atomic.Int64

	places

	ana, bob string // Slack's ids
	announce string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldOn(t, "sqlite:"+filepath.Join(t.TempDir(), "rollcall.db"))
}

func newWorldOn(t *testing.T, url string) *world {
	t.Helper()
	return newWorldAt(t, url, fast)
}

// newWorldAt is a world whose clock runs at some speed.
func newWorldAt(t *testing.T, url string, speed time.Duration) *world {
	t.Helper()
	w := &world{t: t, clock: newQuick(speed), places: places{url: url}}
	w.slack = slackfake.New(slackfake.Options{Now: w.clock.Now, StrictRates: true})
	w.ana = w.slack.AddUser(slackfake.User{Name: "ana", RealName: "Ana"})
	w.bob = w.slack.AddUser(slackfake.User{Name: "bob", RealName: "Bob"})
	w.announce = w.slack.AddChannel("incidents", false, w.ana, w.slack.Identity().BotUserID)
	var err error
	if w.address, err = w.slack.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	w.begin()
	return w
}

// replica is another program on the same database and in the same workspace.
func (w *world) replica() *world {
	w.t.Helper()
	r := &world{t: w.t, clock: w.clock, places: w.places, slack: w.slack, ana: w.ana, bob: w.bob, announce: w.announce}
	r.last.Store(1 << 30)
	r.begin()
	return r
}

// begin opens what a program works with.
func (w *world) begin() {
	w.t.Helper()
	t, log := w.t, slog.New(slog.DiscardHandler)
	var err error
	w.store, err = storage.Open(t.Context(), storage.Options{
		URL: w.url, Now: w.clock.Now, Wall: w.wall.Now, NewID: w.id, Log: log, Kinds: w.kinds,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.store.Close(context.WithoutCancel(t.Context())) })
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.out, err = slackio.New(slackio.Options{
		Token: w.slack.BotToken(), APIURL: w.address, Now: w.clock.Now, Sleep: w.clock.Sleep, Wall: time.Now, Rest: 100 * time.Millisecond,
		Limits: jobs.Limits{Store: w.store}, Book: book, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	chain, err := calls.New([]string{"static:https://meet.example.org/all"}, w.id)
	if err != nil {
		t.Fatal(err)
	}
	policy := &incident.Policy{
		DefaultSeverity: 2, Zone: time.UTC, Sprint: 14 * 24 * time.Hour, DefaultTasks: []string{"find the surface", "roll back", "impact"},
		Clocks: incident.Clocks{AskLeader: 2 * time.Hour, NominateLeader: 5 * time.Hour, AcceptLeader: 3 * time.Hour},
	}
	if w.policy != nil {
		w.policy(policy)
	}
	w.bot = bot.New(bot.Options{Store: w.store, Book: book, Calls: chain, Clock: w.clock, NewID: w.id, Log: log, Policy: policy})
}

func (w *world) id() string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", w.last.Add(1)) }

// work starts the workers; the returned function stops them, as a process that ends does.
func (w *world) work(change ...func(*jobs.Options)) (stop func()) {
	w.t.Helper()
	o := jobs.Options{
		Store: w.store, Clock: w.clock, Slack: w.out, Talk: w.bot, Decider: w.bot, Announce: "incidents", BaseURL: "https://rollcall.example",
		NewID: w.id, Log: slog.New(slog.NewTextHandler(w.t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
		Publish: func(_ context.Context, id incident.ID, _ int) (outbound.File, error) {
			key := w.incident(id).Key()
			return outbound.File{Name: key + ".md", Title: key, Body: []byte("# " + key + "\n")}, nil
		},
	}
	for _, c := range change {
		c(&o)
	}
	end, err := jobs.New(o).Start(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	var once sync.Once
	stop = func() {
		once.Do(func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(w.t.Context()), 5*time.Second)
			defer cancel()
			if err := end(ctx); err != nil {
				w.t.Errorf("stop: %v", err)
			}
		})
	}
	w.t.Cleanup(stop)
	return stop
}

// says is what somebody types into a channel.
func (w *world) says(user, channel, text string) bot.Answer {
	w.t.Helper()
	return w.bot.Handle(w.t.Context(), bot.Request{
		Delivery: bot.Delivery{Source: "test", ID: w.id()},
		From:     bot.From{Team: w.slack.Identity().TeamID, User: user, Channel: channel}, Surface: "slash", Text: text,
	})
}

// does is says that must succeed.
func (w *world) does(user, channel, text string) {
	w.t.Helper()
	if a := w.says(user, channel, text); a.Kind != bot.Done {
		w.t.Fatalf("%q was answered (%s): %s", text, a.Kind, a.Text)
	}
}

// open opens an incident and returns its id.
func (w *world) open(text string) incident.ID {
	w.t.Helper()
	w.does(w.ana, "C-elsewhere", "open "+text)
	var id incident.ID
	w.read(func(r *storage.Reader) error {
		all, err := r.RawBriefs()
		if err == nil {
			id = all[0].ID
		}
		return err
	})
	return id
}

// briefs lists all incidents.
func (w *world) briefs() (all []storage.Brief) {
	w.t.Helper()
	w.read(func(r *storage.Reader) (err error) { all, err = r.RawBriefs(); return err })
	return all
}

func (w *world) write(fn func(*storage.Tx) error) {
	w.t.Helper()
	if err := w.store.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) read(fn func(*storage.Reader) error) {
	w.t.Helper()
	if err := w.store.Read(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) incident(id incident.ID) (inc *incident.Incident) {
	w.read(func(r *storage.Reader) (err error) { inc, err = r.RawIncident(id); return err })
	return inc
}

// add puts outbound steps behind what is there.
func (w *world) add(id incident.ID, effects ...incident.Effect) {
	w.t.Helper()
	w.write(func(tx *storage.Tx) error {
		if err := tx.AddEffects(id, effects); err != nil {
			return err
		}
		return tx.Enqueue(bot.DrainArgs{Incident: id}, nil)
	})
}

// post is a message into the channel that reads "Nn was taken back".
func post(n int) incident.Effect {
	return incident.Effect{Kind: incident.Post, Say: incident.Say{ID: "card_task.gone", Args: incident.Args{"id": fmt.Sprint("N", n)}}}
}
