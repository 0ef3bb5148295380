package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/toggle"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// How many jobs run at once. Each waits for Slack nearly all of its time; a
// stream is drained by one at a time however many there are.
const (
	drains = 40
	others = 20 // answers, reminders, people: short, and never behind a drain
)

// Options are what the workers work with.
type Options struct {
	Store   *storage.Store
	Clock   clock.Clock
	Slack   Slack
	Decider Decider
	Talk    Talk
	Pager   Pager      // nil when nobody can be paged
	Upkeep  *Upkeep    // nil without PagerDuty's REST API
	Hooks   Hooks      // nil when no service has a rollback hook
	Page    StatusPage // nil without a public status page
	// Publish writes a revision of an incident's RFO where published ones are kept,
	// and returns it. Repeating it changes nothing. Revision 0 is the last one.
	Publish func(ctx context.Context, id incident.ID, revision int) (outbound.File, error)
	// Exports brings copies of published RFOs elsewhere, and actions to a tracker.
	Exports Exports
	Digest  Digest
	// Standing is where trouble of the program's own is told that lasts.
	Standing Standing
	// Announce is the announcement channel, by name or id; "" for none.
	Announce string
	BaseURL  string        // of the pages; "" for none
	NewID    func() string // a UUID at each call
	// Report hears of panics and of steps that were given up; nil for nobody.
	Report func(outbound.Trouble)
	// Knows says which steps this program can take; nil for each that it has a carrier
	// of. Others are a newer program's, and left to one.
	Knows func(incident.EffectKind) bool
	// On says whether a feature is on at this moment; nil when everything is.
	On  func(context.Context, toggle.Feature) bool
	Log *slog.Logger
}

// Workers are the workers of one process.
type Workers struct {
	Options
	// Rooms are set before Start; nil without providers of calls that make rooms.
	Rooms *Rooms

	counts   counts
	failures failures
	announce announcement
	standing told
	topics   topics
	looks
	stopping chan struct{}

	ownErrors ownErrors
	left      noted // to a newer program, and logged as such
	rounds    rounds
}

// looks are what the regular looks remember, on Rollcall's clock.
type looks struct {
	syncedAt  atomic.Int64              // seconds; when people were last asked for
	lookedAt  atomic.Pointer[time.Time] // when it was last looked what is due
	homesLate atomic.Bool               // an App Home could not be brought up to date
}

// New makes the workers; Start starts them.
func New(o Options) *Workers {
	if o.Report == nil {
		o.Report = func(outbound.Trouble) {}
	}
	if o.Knows == nil {
		o.Knows = func(k incident.EffectKind) bool { return carriers[k] != nil }
	}
	if o.On == nil {
		o.On = func(context.Context, toggle.Feature) bool { return true }
	}
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	return &Workers{Options: o, stopping: make(chan struct{})}
}

// Start takes up whatever is left to do and works until stop. stop lets the step
// under way end, as long as its context allows, and hands back the rest, so that
// the next process goes on without waiting for a lease.
func (w *Workers) Start(ctx context.Context) (stop func(context.Context) error, err error) {
	workers, kinds := river.NewWorkers(), []string(nil)
	err = errors.Join(
		addGuarded(w, workers, &kinds, &drainWorker{w: w}),
		addGuarded(w, workers, &kinds, &dueWorker{w: w}),
		addGuarded(w, workers, &kinds, &replyWorker{w: w}),
		addGuarded(w, workers, &kinds, &personWorker{w: w}),
		addGuarded(w, workers, &kinds, &peopleWorker{w: w}),
		addGuarded(w, workers, &kinds, &messageWorker{w: w}),
		addGuarded(w, workers, &kinds, &suggestWorker{w: w}),
		addGuarded(w, workers, &kinds, &summonWorker{w: w}),
		addGuarded(w, workers, &kinds, &homeWorker{w: w}),
		addGuarded(w, workers, &kinds, &leftWorker{w: w}),
		addGuarded(w, workers, &kinds, &roomsWorker{w: w}),
		addGuarded(w, workers, &kinds, &exportWorker{w: w}),
		addGuarded(w, workers, &kinds, &trackWorker{w: w}),
		addGuarded(w, workers, &kinds, &digestWorker{w: w}),
		addGuarded(w, workers, &kinds, &restoredWorker{w: w}),
		addGuarded(w, workers, &kinds, &standingWorker{w: w}),
	)
	if err != nil {
		return nil, err
	}
	stopJobs, err := w.Store.StartJobs(ctx, workers, map[string]int{river.QueueDefault: others, bot.DrainQueue: drains, bot.RoomsQueue: minters}, kinds...)
	if err != nil {
		return nil, err
	}
	ticking, halt := context.WithCancel(context.WithoutCancel(ctx))
	var ticker sync.WaitGroup
	ticker.Go(func() { w.tick(ticking) })
	ticker.Go(func() { w.regularly(ticking, roundForget, w.forget) })
	if w.Upkeep != nil {
		ticker.Go(func() { w.regularly(ticking, roundUpkeep, w.upkeep) })
	}
	if w.Digest.Zone != nil {
		ticker.Go(func() { w.regularly(ticking, roundDigest, w.digests) })
	}
	if w.Exports.Tracking.To != nil {
		ticker.Go(func() { w.regularly(ticking, roundTracker, w.trackings) })
	}
	var once sync.Once
	return func(ctx context.Context) error {
		once.Do(func() {
			close(w.stopping)
			halt()
		})
		ticker.Wait()
		return stopJobs(ctx)
	}, nil
}

// Counts are how many steps ended how since the start, for metrics.
type Counts struct {
	Done, Delayed, NotDone, Unclear, Refused int64
}

type counts struct{ done, delayed, notDone, unclear, refused atomic.Int64 }

// Counts are the present counts.
func (w *Workers) Counts() Counts {
	c := &w.counts
	return Counts{
		Done: c.done.Load(), Delayed: c.delayed.Load(), NotDone: c.notDone.Load(), Unclear: c.unclear.Load(), Refused: c.refused.Load(),
	}
}

// note counts the end of a step.
func (c *counts) note(f *outbound.Failure) {
	switch {
	case f == nil:
		c.done.Add(1)
	case f.End == outbound.Delayed:
		c.delayed.Add(1)
	case f.End == outbound.NotDone:
		c.notDone.Add(1)
	case f.End == outbound.Unclear:
		c.unclear.Add(1)
	default:
		c.refused.Add(1)
	}
}

// snooze has River run a job again after d, however often; an error would count
// as an attempt and wait longer each time.
func snooze(d time.Duration) error { return river.JobSnooze(max(d, 0)) }

// tries is which attempt at a job this is, from 1 on. River takes the attempt back
// when a job is put off, and keeps count of that in the job's metadata.
func tries[T river.JobArgs](job *river.Job[T]) int {
	var put struct {
		Off int `json:"snoozes"`
	}
	if json.Unmarshal(job.Metadata, &put) != nil {
		put.Off = 0 // there is none yet
	}
	return job.Attempt + put.Off
}
