// Package engine says what a database has to offer to carry the store: write
// transactions that River jobs can join, read-only transactions, migrations
// under a lock, job workers, and a name for each way in which it can fail.
//
// It exists so that storage and its databases agree on types without importing
// each other in a circle. SQL reaches an engine with $1, $2, … placeholders;
// each engine spells them as its database wants.
package engine

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
)

// Queryer runs SQL inside an open transaction.
type Queryer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Tx is one write transaction.
type Tx interface {
	Queryer
	// Enqueue inserts jobs as part of this transaction.
	Enqueue(ctx context.Context, jobs []river.InsertManyParams) error
	// Commit makes it durable. An error whose code is Unknown means that nobody
	// can tell whether it was; every other error means that it was not.
	Commit(ctx context.Context) error
	// Rollback gives up what is left of it. It is harmless after Commit.
	Rollback(ctx context.Context) error
	// Seen is a number that stays the same for as long as nobody but this engine's
	// write transactions and job workers has changed the database; ok is false
	// where that cannot be told.
	Seen(ctx context.Context) (version int64, ok bool, err error)
}

// ReadTx is one read-only transaction that sees a single state of the database.
type ReadTx interface {
	Queryer
	// End gives the connection back.
	End() error
}

// Engine is one open database.
type Engine interface {
	// Begin opens the write transaction; ctx bounds the wait for it.
	Begin(ctx context.Context) (Tx, error)
	// BeginRead opens a read-only transaction.
	BeginRead(ctx context.Context) (ReadTx, error)
	// Migrate brings the tables up to date, one process at a time.
	Migrate(ctx context.Context) error
	// StartJobs runs workers until stop is called. stop waits for running jobs
	// until its context ends, then cancels them.
	StartJobs(ctx context.Context, jobs Jobs) (stop func(context.Context) error, err error)
	// Code names an error of the database's driver.
	Code(err error) Code
	// Close closes every connection.
	Close() error
}

// Backuper is an engine that can copy itself into a file while it is in use.
type Backuper interface {
	Backup(ctx context.Context, path string) error
}

// Sharer is an engine that can tell which processes serve its database.
type Sharer interface {
	// Serve says that this process serves from now on, until release. dead is called
	// with the name (Config.Process) of each process that is certainly dead, before
	// anything else starts and, where several may serve, for as long as this one does;
	// with "" when nobody but this process is alive, whoever there was.
	Serve(ctx context.Context, dead func(ctx context.Context, process string) error) (release func(), err error)
}

// Timekeeper is an engine whose server has a clock that all processes can agree on.
type Timekeeper interface {
	// Ahead is by how much that clock was ahead of Config.Wall when it was last looked
	// at; 0 before Serve. It is off by at most half of the time that a question takes.
	Ahead() time.Duration
}

// Marker is an engine that can tell whether its database is an older copy that was
// put back, or stands elsewhere than it did.
type Marker interface {
	// Mark compares the mark in the database, "" for none yet, with what is known
	// outside of its tables. quiet is for how long no program was heard of. next is to
	// be stored in the database in the same transaction.
	Mark(ctx context.Context, q Queryer, stored string, quiet time.Duration) (next string, copied bool, err error)
	// Marked is told that next was stored.
	Marked(next string) error
}

// Searcher is an engine that can look for words in the table wording, called w.
type Searcher interface {
	// Search is a condition with one placeholder, and the value for it, that holds
	// where one of the words is; words are of letters and digits only.
	Search(placeholder string, words []string) (condition, value string)
}

// Config is what every engine is opened with.
type Config struct {
	URL     string
	Timeout time.Duration // how long a statement may wait for a lock; shorter than the writer's deadline
	NewID   func() string
	Process string           // what this process is called, unlike any other
	Wall    func() time.Time // the machine's clock
	Beat    time.Duration    // how often it says that it lives, where others share its database
	Log     *slog.Logger
}

// Jobs says what workers to run: how many at once per queue.
type Jobs struct {
	Workers *river.Workers
	Queues  map[string]int
	// Kinds are the kinds of jobs that Workers are for, as far as jobs of them are to
	// be taken up again that an older program could do nothing with.
	Kinds []string
}

// Times of the job workers; docs/ARCHITECTURE.md lists them with every other
// clock. They are real time, which cannot be moved.
const (
	FetchCooldown = 20 * time.Millisecond  // throughput is workers per cooldown
	FetchPoll     = 100 * time.Millisecond // a rolled-back transaction swallows a wake-up, so look often
	JobTimeout    = 60 * time.Second
	RescueAfter   = 90 * time.Second // a job whose process died is picked up by another after this
	BeatEvery     = 500 * time.Millisecond
	KeepCompleted = time.Hour // jobs only wake workers; what they did is in our own tables
)

// Holds is the name under which a process holds something once.
func Holds(process, once string) string { return process + "/" + once }

// HeldBy is the pattern of all such names of a process, for LIKE.
func HeldBy(process string) string { return process + "/%" }

// RiverConfig is the job client's configuration, the same on every database.
func RiverConfig(cfg Config, jobs Jobs) *river.Config {
	queues := make(map[string]river.QueueConfig, len(jobs.Queues))
	for name, workers := range jobs.Queues {
		queues[name] = river.QueueConfig{MaxWorkers: workers}
	}
	return &river.Config{
		ID:                          Holds(cfg.Process, cfg.NewID()),
		Logger:                      slog.New(warnings{cfg.Log.Handler()}),
		Queues:                      queues,
		Workers:                     jobs.Workers,
		FetchCooldown:               FetchCooldown,
		FetchPollInterval:           FetchPoll,
		JobTimeout:                  JobTimeout,
		RescueStuckJobsAfter:        RescueAfter,
		CompletedJobRetentionPeriod: KeepCompleted,
	}
}

// Start starts a job client and returns how to stop it.
func Start[T any](ctx context.Context, client *river.Client[T], jobs Jobs, log *slog.Logger) (func(context.Context) error, error) {
	// Only stop ends the workers: ending ctx must not cut the drain short.
	ctx = context.WithoutCancel(ctx)
	if err := client.Start(ctx); err != nil {
		return nil, err
	}
	looking, halt := context.WithCancel(ctx)
	halted := make(chan struct{})
	go func() {
		defer close(halted)
		retaking(looking, client, jobs.Kinds, log)
	}()
	return func(ctx context.Context) error {
		halt()
		<-halted
		if err := client.Stop(ctx); err == nil {
			return nil
		}
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
		defer cancel()
		return client.StopAndCancel(hard)
	}, nil
}

// stopGrace is how long cancelled jobs get to notice.
const stopGrace = 2 * time.Second
