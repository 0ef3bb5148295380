package jobs_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"sync"
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
	timer := time.NewTimer(150 * time.Millisecond)
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
// clocks, and counts what they do. What is done for all is done by one of them; what each does by itself they do one after the other. Checks of
// addresses and rooms have tests of their own; a Home is drawn by whoever changed something.
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
				return errors.Join(tx.AddClock("digest", long), tx.AddClock("actions.look", long), tx.AddClock("forget", long))
			})
			w.clock.advance(150 * time.Minute) // and that nobody leads
			peer := &busy{account: &account{}}
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
							return incident.Say{ID: "refuse.verb"}, true, nil
						}}
						o.Exports.Tracking = jobs.Tracking{To: nobody{}, Zone: time.UTC}
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
			made := w.jobsByKind()
			w.eventually("everything is under way", func() bool { made = w.jobsByKind(); return len(made) >= 4 })
			for _, c := range []struct {
				what string
				got  int
			}{
				{"asked PagerDuty at the same moment", peer.most},
				{"had the digest sent", made["digest"]},
				{"had the list of people read", made["people.sync"]},
				{"had issues looked at", made["action.track"]},
				{"took the moment that had come", made["due"]},
			} {
				if c.got != 1 {
					t.Errorf("%d of %d processes %s", c.got, processes, c.what)
				}
			}
		})
	}
}

// nobody is a tracker that has no issues.
type nobody struct{}

// Bring is not asked for anything.
func (nobody) Bring(context.Context, outbound.Ticket) (outbound.Ticketed, error) {
	return outbound.Ticketed{}, errors.New("there is no action")
}

// jobsByKind counts the jobs there were, but for those that are made for each incident's outbound work and for Homes.
func (w *world) jobsByKind() map[string]int {
	w.t.Helper()
	driver, source := "pgx", w.url
	if file, ok := strings.CutPrefix(w.url, "sqlite:"); ok {
		driver, source = "sqlite3", "file:"+file+"?mode=ro&_busy_timeout=5000"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(w.t.Context(), `SELECT kind, count(*) FROM river_job WHERE kind NOT IN ('drain', 'home') GROUP BY kind`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	all := map[string]int{}
	for rows.Next() {
		var kind string
		var n int
		if err := rows.Scan(&kind, &n); err != nil {
			w.t.Fatal(err)
		}
		all[kind] = n
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// another is one of several more programs on the same database.
func (w *world) another(n int) *world {
	w.t.Helper()
	r := &world{t: w.t, clock: w.clock, places: w.places, slack: w.slack, ana: w.ana, bob: w.bob, announce: w.announce}
	r.last.Store(int64(n) << 32) // its ids are its own
	r.begin()
	return r
}
