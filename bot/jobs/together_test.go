package jobs_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/storagetest"
)

// busy is a peer that counts how many ask it at once.
type busy struct {
	*account
	mu        sync.Mutex
	now, most int
	asked     int
}

// OnCall takes a moment, in which others would come in.
func (b *busy) OnCall(ctx context.Context, services []string) ([]outbound.OnCall, error) {
	b.mu.Lock()
	b.now++
	b.asked++
	b.most = max(b.most, b.now)
	b.mu.Unlock()
	timer := time.NewTimer(20 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
	b.mu.Lock()
	b.now--
	b.mu.Unlock()
	return b.account.OnCall(ctx, services)
}

// TestProcessesThatStartTogetherDoNotAllActAtOnce starts several processes at the same moment on one database, with something to do for each of their
// clocks, and counts what they do. What is done for all is done by one of them; what each does by itself they do one after the other.
func TestProcessesThatStartTogetherDoNotAllActAtOnce(t *testing.T) {
	const processes = 3 // each has a dozen connections to PostgreSQL
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "rollcall.db") },
		"postgres": func(t *testing.T) string { return storagetest.PostgresURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldOn(t, url(t))
			id := w.open("Nothing works")
			w.write(func(tx *storage.Tx) error { // all of it was due while nothing ran
				long := w.clock.Now().Add(-time.Hour)
				return errors.Join(tx.AddClock("digest", long), tx.AddClock("forget", long))
			})
			w.clock.advance(150 * time.Minute) // and that nobody leads
			peer := &busy{account: &account{}}
			var digests atomic.Int64
			begin := make(chan struct{})
			var all sync.WaitGroup
			for n := range processes {
				one := w
				if n > 0 {
					one = w.another(n)
				}
				all.Go(func() {
					<-begin
					one.work(quiet, func(o *jobs.Options) {
						o.Upkeep = &jobs.Upkeep{Pager: peer, Jitter: func(most time.Duration) time.Duration { return most * time.Duration(n) / processes }}
						o.Digest = jobs.Digest{Zone: time.UTC, Text: func(context.Context) (incident.Say, bool, error) {
							digests.Add(1)
							return incident.Say{ID: "refuse.verb"}, true, nil
						}}
					})
				})
			}
			close(begin)
			all.Wait()
			w.settled(id)
			asked := func() int {
				peer.mu.Lock()
				defer peer.mu.Unlock()
				return peer.asked
			}
			w.eventually("each asks PagerDuty", func() bool { return asked() >= processes })
			w.eventually("the digest is out", func() bool { return digests.Load() > 0 })
			for what, c := range map[string]struct{ got, most int }{
				"asked PagerDuty at the same moment": {peer.most, 1},
				"sent the digest":                    {int(digests.Load()), 1},
				"read the list of people":            {len(w.slack.Calls("users.list")), 1},
				"asked who leads":                    {w.recorded(id, incident.LeaderAsked{}.Kind()), 1},
			} {
				if c.got != c.most {
					t.Errorf("%d of %d processes %s", c.got, processes, what)
				}
			}
		})
	}
}

// recorded counts an incident's entries of a kind.
func (w *world) recorded(id incident.ID, kind string) (n int) {
	w.t.Helper()
	w.read(func(r *storage.Reader) error {
		log, err := r.RawRecords(id, 1)
		for _, rec := range log {
			if rec.Event.Kind() == kind {
				n++
			}
		}
		return err
	})
	return n
}

// another is one of several more programs on the same database.
func (w *world) another(n int) *world {
	w.t.Helper()
	r := &world{t: w.t, clock: w.clock, places: w.places, slack: w.slack, ana: w.ana, bob: w.bob, announce: w.announce}
	r.last.Store(int64(n) << 32) // its ids are its own
	r.begin()
	return r
}
