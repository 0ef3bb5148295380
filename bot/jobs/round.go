package jobs

import (
	"context"
	"sync"
	"time"
)

// The rounds that are made regularly, besides the look at what is due.
const (
	roundUpkeep  = "upkeep"
	roundDigest  = "digest"
	roundTracker = "tracker"
	roundForget  = "forget"
)

// rounds are when the rounds are due next; one that is under way has the zero time.
type rounds struct {
	mu   sync.Mutex
	next map[string]time.Time
}

func (r *rounds) set(name string, next time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next == nil {
		r.next = map[string]time.Time{}
	}
	r.next[name] = next
}

// regularly makes a round again and again until ctx ends; do says how long to rest
// after it.
func (w *Workers) regularly(ctx context.Context, name string, do func(context.Context) time.Duration) {
	for {
		w.rounds.set(name, time.Time{})
		next := w.Clock.Now().Add(do(ctx))
		w.rounds.set(name, next)
		if w.Clock.Until(ctx, next) != nil {
			return
		}
	}
}

// RoundsMade says whether every regular round that is due by now has been made, to
// its end.
func (w *Workers) RoundsMade() bool {
	now := w.Clock.Now()
	w.rounds.mu.Lock()
	defer w.rounds.mu.Unlock()
	for _, next := range w.rounds.next {
		if !next.After(now) {
			return false
		}
	}
	return true
}
