package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage/engine"
	"github.com/rollcall-bot/rollcall/storage/postgres"
	"github.com/rollcall-bot/rollcall/storage/sqlite"
)

// backends maps the scheme of a URL to what opens such a database.
var backends = map[string]func(context.Context, engine.Config) (engine.Engine, error){
	sqlite.Scheme: func(ctx context.Context, c engine.Config) (engine.Engine, error) { return sqlite.Open(ctx, c) },
	"postgres":    openPostgres,
	"postgresql":  openPostgres,
}

func openPostgres(ctx context.Context, c engine.Config) (engine.Engine, error) {
	return postgres.Open(ctx, c)
}

// Times that bound a write.
const (
	// Deadline is how long a write may wait and run before it is given up. Slack
	// gives a command 3 seconds, and the person has to be told.
	Deadline = 2 * time.Second
	// MigrateTimeout bounds the wait for another process that migrates, and our
	// own migration.
	MigrateTimeout = 2 * time.Minute
	// ReadTimeout bounds a Read.
	ReadTimeout = 10 * time.Second
)

// Options say what to open and with which clocks.
type Options struct {
	// URL is "sqlite:PATH" or "postgres://…".
	URL string
	// Now is Rollcall's clock: what is due and how often something may be done
	// follow it. It may jump, as it does in the demo and in tests.
	Now func() time.Time
	// Wall is the machine's clock: leases follow it.
	Wall func() time.Time
	// NewID makes ids that are unique for ever (UUIDs).
	NewID func() string
	// Process is what this process is called; one more id of NewID's unless set.
	Process string
	Log     *slog.Logger
	// Panicked hears of a panic in a write, besides the log; nil for nobody.
	Panicked func(p any, stack []byte)
	// Deadline is Deadline unless set; tests shorten it.
	Deadline time.Duration
	// Kinds are the kinds of events that are read, each with its newest version; nil
	// for all that the program knows. Tests hold an older program up with fewer.
	Kinds map[string]int
	// Beat is how often a process that shares its database says that it lives,
	// engine.BeatEvery unless set; tests shorten it.
	Beat time.Duration
}

// Store is one open database.
type Store struct {
	opts   Options
	db     engine.Engine
	writer *writer
	folds  *folds // what readers folded
	// readable is what every program that runs can read; nil before Meet.
	readable atomic.Pointer[map[string]int]
	met      atomic.Pointer[Replica] // this program, as it was last shown to the others; nil before Meet
	former   bool                    // some requests are stored under their former keys

	foldVersion int64 // of the snapshots that are read and written

	mu     sync.RWMutex // held for reading while a write is being queued
	closed bool
	reads  sync.WaitGroup // under way
}

// Open opens the database, brings its tables up to date under a lock that other
// processes respect, and starts the writer. It creates an SQLite file that is
// not there; it refuses a database that a newer Rollcall has changed.
func Open(ctx context.Context, opts Options) (*Store, error) {
	if opts.Deadline == 0 {
		opts.Deadline = Deadline
	}
	if opts.Process == "" {
		opts.Process = opts.NewID()
	}
	if opts.Kinds == nil {
		opts.Kinds = incident.Kinds()
	}
	scheme, _, _ := strings.Cut(opts.URL, ":")
	open, ok := backends[scheme]
	if !ok {
		return nil, fmt.Errorf("DATABASE_URL must begin with sqlite: or postgres:, such as sqlite:rollcall.db (it begins with %q)", scheme)
	}
	db, err := open(ctx, engine.Config{
		URL:     opts.URL,
		Timeout: opts.Deadline * 3 / 4, // so that its refusal arrives before the deadline
		NewID:   opts.NewID,
		Process: opts.Process,
		Wall:    opts.Wall,
		Beat:    cmp.Or(opts.Beat, engine.BeatEvery),
		Log:     opts.Log,
	})
	if err != nil {
		return nil, err
	}
	migrate, cancel := context.WithTimeout(ctx, MigrateTimeout)
	defer cancel()
	if err := db.Migrate(migrate); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s := &Store{opts: opts, db: db, folds: newFolds(foldLimit), foldVersion: incident.FoldVersion(opts.Kinds)}
	err = s.Read(ctx, func(r *Reader) (err error) {
		_, err = r.Meta(metaFormer)
		s.former, err = found(err)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s.writer = newWriter(s)
	go s.writer.run()
	return s, nil
}

// Close answers what is queued, stops the writer, waits for what is being read and
// closes the database. Stop the job workers first.
func (s *Store) Close(ctx context.Context) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.writer.queue)
	s.mu.Unlock()
	read := make(chan struct{})
	go func() {
		s.reads.Wait()
		close(read)
	}()
	for _, ended := range []<-chan struct{}{s.writer.stopped, read} {
		select {
		case <-ended:
		case <-ctx.Done():
			return fmt.Errorf("close the database: it is still being used: %w", ctx.Err())
		}
	}
	return s.db.Close()
}

// Ping proves that the database can be written, by writing to it and waiting for
// the commit.
func (s *Store) Ping(ctx context.Context) error {
	return s.Write(ctx, func(tx *Tx) error {
		return tx.SetMeta("ping", s.opts.Now().UTC().Format(time.RFC3339Nano))
	})
}

// StartJobs runs River's workers: how many at once per queue. Jobs of kinds, which the
// workers are for, are taken up again that an older program could do nothing with. stop
// waits for running jobs until its context ends, then cancels them.
func (s *Store) StartJobs(ctx context.Context, workers *river.Workers, queues map[string]int, kinds ...string) (stop func(context.Context) error, err error) {
	if err := s.mark(ctx); err != nil {
		return nil, fmt.Errorf("look whether the database was put back: %w", err)
	}
	release, err := s.serve(ctx)
	if err != nil {
		return nil, err
	}
	stopJobs, err := s.db.StartJobs(ctx, engine.Jobs{Workers: workers, Queues: queues, Kinds: kinds})
	if err != nil {
		release()
		return nil, err
	}
	return func(ctx context.Context) error {
		defer release()
		return stopJobs(ctx)
	}, nil
}

// serve says that this process carries out outbound work. What a process that
// died held on to is free as soon as it is known to be dead, and elsewhere when its
// leases end.
func (s *Store) serve(ctx context.Context) (release func(), err error) {
	sharer, ok := s.db.(engine.Sharer)
	if !ok {
		return func() {}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, MigrateTimeout)
	defer cancel()
	return sharer.Serve(ctx, s.buried)
}

// agreed is Rollcall's clock as all programs on this database have it: what one of
// them notes for the others must not depend on how its machine's clock is set.
func (s *Store) agreed() time.Time {
	if k, ok := s.db.(engine.Timekeeper); ok {
		return s.opts.Now().Add(k.Ahead())
	}
	return s.opts.Now()
}

// Stats are counts since the store was opened, for metrics; Waiting is a gauge.
type Stats struct {
	Writes   int64 // functions run to an answer
	Commits  int64 // transactions committed
	Replays  int64 // transactions that failed as a whole and were run again one by one
	Redecide int64 // functions run again because another replica was first, or a request was no new one
	Waiting  int64 // functions in the queue at this moment
}

// Stats counts what the writer has done.
func (s *Store) Stats() Stats {
	w := s.writer
	return Stats{
		Writes:   w.writes.Load(),
		Commits:  w.commits.Load(),
		Replays:  w.replays.Load(),
		Redecide: w.redecided.Load(),
		Waiting:  int64(len(w.queue)),
	}
}
