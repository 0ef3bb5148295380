// Package sqlite carries the store on one SQLite file.
//
// The file is in WAL mode and every commit is synced (synchronous FULL). There
// is exactly one connection that writes, shared by the store and by River's job
// client: with more, transactions wait for each other inside SQLite for seconds.
// Reads have a pool of their own that cannot write.
package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/mattn/go-sqlite3" // the driver "sqlite3"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"github.com/rollcall-bot/rollcall/storage/engine"
)

// readers is how many connections read at once.
const readers = 4

// DB is one open file.
type DB struct {
	cfg    engine.Config
	path   string
	write  *sql.DB
	read   *sql.DB
	insert *river.Client[*sql.Tx]

	// Touched only while the connection that writes is held.
	conn   any                 // the driver's connection that wrote last
	conns  int64               // how many there have been
	values []driver.NamedValue // of the statement that runs
}

var (
	_ engine.Engine   = (*DB)(nil)
	_ engine.Backuper = (*DB)(nil)
)

// Open opens the file that cfg.URL names, "sqlite:PATH", and creates it when it
// is not there. The file is readable by its owner only, as it holds private
// incidents. Tables are Migrate's work.
func Open(ctx context.Context, cfg engine.Config) (*DB, error) {
	path, err := Path(cfg.URL)
	if err != nil {
		return nil, err
	}
	if err := create(path); err != nil {
		return nil, err
	}
	d := &DB{cfg: cfg, path: path}
	if d.write, err = sql.Open("sqlite3", writeDSN(path, cfg.Timeout)); err != nil {
		return nil, d.failed(err)
	}
	d.write.SetMaxOpenConns(1)
	d.write.SetMaxIdleConns(1)
	if d.read, err = sql.Open("sqlite3", readDSN(path, cfg.Timeout)); err != nil {
		return nil, d.failed(errors.Join(err, d.write.Close()))
	}
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	if err := d.ping(ctx); err != nil {
		return nil, d.failed(errors.Join(err, d.Close()))
	}
	d.insert, err = river.NewClient(riversqlite.New(d.write), &river.Config{ID: cfg.NewID(), Logger: cfg.Log})
	if err != nil {
		return nil, d.failed(errors.Join(err, d.Close()))
	}
	return d, nil
}

// ping makes the first connection. Whoever gives a new file its write-ahead log, or is
// the last to close one, has all of it for a moment, and then SQLite answers "locked" at
// once, whatever the busy timeout says: https://www.sqlite.org/c3ref/busy_handler.html
func (d *DB) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Timeout)
	defer cancel()
	tick := time.NewTicker(lockRetry)
	defer tick.Stop()
	for {
		err := d.write.PingContext(ctx)
		if err == nil || code(err) != engine.Locked {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}

// create makes an empty file of its owner's. It leaves an existing one alone:
// opening and closing a database file by hand would drop SQLite's locks on it.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) //nolint:gosec // the operator names the file
	switch {
	case err == nil:
		return f.Close()
	case errors.Is(err, fs.ErrExist):
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return &engine.Error{Code: engine.Unavailable, Err: fmt.Errorf("%s is a folder: name a file in it, such as sqlite:%s/rollcall.db", path, path)}
		}
		return nil
	}
	return &engine.Error{Code: engine.Unavailable, Err: fmt.Errorf("create the database file: %w", err)}
}

func (d *DB) failed(err error) error {
	return engine.Translate(fmt.Errorf("open %s: %w", d.path, err), d.Code)
}

// Migrate brings the tables up to date. A lock file beside the database lets
// one process at a time do so.
func (d *DB) Migrate(ctx context.Context) error {
	schema := engine.Schema[*sql.Tx]{DB: d.write, Dialect: goose.DialectSQLite3, River: riversqlite.New(d.write), Log: d.cfg.Log}
	if ok, err := schema.Current(ctx); ok || err != nil {
		return err
	}
	unlock, err := lockFile(ctx, d.path+".lock")
	if err != nil {
		return &engine.Error{Code: engine.Locked, Err: fmt.Errorf("wait for another Rollcall to migrate %s: %w", d.path, err)}
	}
	defer unlock()
	if ok, err := schema.Current(ctx); ok || err != nil {
		return err
	}
	d.cfg.Log.InfoContext(ctx, "migrating the database", slog.String("path", d.path))
	return engine.Translate(schema.Up(ctx), d.Code)
}

// StartJobs runs River's workers on the connection that writes.
func (d *DB) StartJobs(ctx context.Context, jobs engine.Jobs) (func(context.Context) error, error) {
	cfg := engine.RiverConfig(d.cfg, jobs)
	// Rebuilding indexes takes the one write lock for nothing at our sizes.
	cfg.ReindexerIndexNames = []string{}
	client, err := river.NewClient(riversqlite.New(d.write), cfg)
	if err != nil {
		return nil, fmt.Errorf("configure job workers: %w", err)
	}
	return engine.Start(ctx, client, jobs, d.cfg.Log)
}

// Code names an error of SQLite by its result code.
func (d *DB) Code(err error) engine.Code { return code(err) }

func code(err error) engine.Code {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return engine.Internal
	}
	switch e.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return engine.Locked
	case sqlite3.ErrFull:
		return engine.Full
	case sqlite3.ErrReadonly, sqlite3.ErrPerm:
		return engine.ReadOnly
	case sqlite3.ErrConstraint:
		if e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey {
			return engine.Conflict
		}
		return engine.Internal
	case sqlite3.ErrIoErr:
		if full(e) {
			return engine.Full
		}
		return engine.Unavailable
	case sqlite3.ErrCantOpen, sqlite3.ErrCorrupt, sqlite3.ErrNotADB, sqlite3.ErrNomem, sqlite3.ErrInterrupt, sqlite3.ErrProtocol:
		return engine.Unavailable
	}
	return engine.Internal
}

// Close closes both pools.
func (d *DB) Close() error {
	return errors.Join(d.read.Close(), d.write.Close())
}

// milliseconds is how a duration is spelt in a DSN.
func milliseconds(t time.Duration) string { return fmt.Sprint(t.Milliseconds()) }
