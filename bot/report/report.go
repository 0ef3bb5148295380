// Package report tells those who run Rollcall what went wrong inside it: Sentry, and
// a channel in Slack.
//
// What is told are words of the program's own, an incident's key and a stack: no
// text that a person typed, no title, no token. A storm becomes one message a minute
// for each kind, with a count. Telling never fails loudly: what cannot be told is
// logged, and is never itself reported.
package report

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	// Every is how often a kind of trouble is told at most.
	Every = time.Minute
	// kinds bounds what is remembered; beyond it kinds are told as one.
	kinds = 100
	// tellTimeout bounds one message to one place.
	tellTimeout = 15 * time.Second
	// tries is how often a place that does not take a message is tried, a minute apart.
	tries = 10
)

// Clock is Rollcall's clock.
type Clock interface {
	Now() time.Time
	Sleep(ctx context.Context, d time.Duration) error
}

// Place takes what there is to tell: the latest trouble of its kind, and how many
// there were since the last message.
type Place struct {
	Name string
	Tell func(ctx context.Context, t outbound.Trouble, count int) error
}

// Reporter collects and tells. It is safe for concurrent use.
type Reporter struct {
	places []Place
	clock  Clock
	log    *slog.Logger

	mu     sync.Mutex
	known  map[string]*kind
	change chan struct{} // holds one word that there is something new
}

// kind is what is known of one kind of trouble.
type kind struct {
	latest outbound.Trouble
	next   time.Time // not told before
	counts []int     // not told yet, by place
	tried  []int     // in vain, by place
}

// New returns a reporter; Run tells.
func New(clock Clock, log *slog.Logger, places ...Place) *Reporter {
	return &Reporter{places: places, clock: clock, log: log, known: map[string]*kind{}, change: make(chan struct{}, 1)}
}

// Report takes trouble in. It never waits.
func (r *Reporter) Report(t outbound.Trouble) {
	if len(r.places) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	k := r.known[t.Kind]
	if k == nil && len(r.known) >= kinds {
		t.Kind = "other"
		k = r.known[t.Kind]
	}
	if k == nil {
		k = &kind{counts: make([]int, len(r.places)), tried: make([]int, len(r.places))}
		r.known[t.Kind] = k
	}
	k.latest = t
	for n := range k.counts {
		k.counts[n]++
	}
	select {
	case r.change <- struct{}{}:
	default:
	}
}

// Run tells until ctx ends.
func (r *Reporter) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		wait, waits := r.tellDue(ctx)
		if waits {
			r.sleep(ctx, wait)
			continue
		}
		select {
		case <-ctx.Done():
		case <-r.change:
		}
	}
	return nil
}

// sleep waits for what is next, or for something new.
func (r *Reporter) sleep(ctx context.Context, d time.Duration) {
	resting, wake := context.WithCancel(ctx)
	defer wake()
	go func() {
		select {
		case <-r.change:
			wake()
		case <-resting.Done():
		}
	}()
	_ = r.clock.Sleep(resting, d) // woken early is as good
}

// telling is one message.
type telling struct {
	of    *kind
	place int
	what  outbound.Trouble
	count int
}

// tellDue tells whatever may be told now, and says when there is more to tell.
func (r *Reporter) tellDue(ctx context.Context) (wait time.Duration, waits bool) {
	for _, one := range r.due() {
		err := r.tell(ctx, one)
		r.mu.Lock()
		if err == nil {
			one.of.tried[one.place] = 0
		} else if one.of.tried[one.place]++; one.of.tried[one.place] < tries {
			one.of.counts[one.place] += one.count
		}
		r.mu.Unlock()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.clock.Now()
	for _, k := range r.known {
		for _, n := range k.counts {
			if left := k.next.Sub(now); n > 0 && (!waits || left < wait) {
				wait, waits = max(left, 0), true
			}
		}
	}
	return wait, waits
}

// due takes out what may be told now.
func (r *Reporter) due() []telling {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []telling
	now := r.clock.Now()
	for _, k := range r.known {
		if k.next.After(now) && k.next.Sub(now) <= Every { // further ahead: the clock was set back
			continue
		}
		for n, count := range k.counts {
			if count > 0 {
				list = append(list, telling{k, n, k.latest, count})
				k.counts[n], k.next = 0, now.Add(Every)
			}
		}
	}
	return list
}

func (r *Reporter) tell(ctx context.Context, one telling) (err error) {
	ctx, cancel := context.WithTimeout(ctx, tellTimeout)
	defer cancel()
	place := r.places[one.place]
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("it panicked")
		}
		if err != nil {
			r.log.WarnContext(ctx, "trouble could not be reported", slog.String("to", place.Name), slog.String("kind", one.what.Kind), slog.Any("error", err))
		}
	}()
	return place.Tell(ctx, one.what, one.count)
}
