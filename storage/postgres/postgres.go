// Package postgres carries the store on PostgreSQL, for one or several replicas.
//
// The store's own SQL goes through database/sql and River's through pgx, both on
// the same connection and so in the same transaction.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/rollcall-bot/rollcall/storage/engine"
)

// Sizes of the pools. A replica has one writer; the spare connection lets it go
// on while a broken one is being closed.
const (
	writers = 2
	readers = 4
	jobs    = 6
)

// lockKey names the lock that migrations are made under ("rollcall" in ASCII).
const lockKey = 0x726f6c6c63616c6c

// DB is one open database.
type DB struct {
	cfg    engine.Config
	write  *sql.DB
	read   *sql.DB
	insert *river.Client[pgx.Tx]
	ahead  atomic.Int64 // the server's clock, of ours; nanoseconds
}

var _ engine.Engine = (*DB)(nil)

// Schemes are what the URL of a PostgreSQL database begins with.
func Schemes() []string { return []string{"postgres", "postgresql"} }

// Open opens the database that cfg.URL names, "postgres://user@host/name".
func Open(ctx context.Context, cfg engine.Config) (*DB, error) {
	conf, err := pgx.ParseConfig(cfg.URL)
	if err != nil {
		// The text of pgx's error can hold the password.
		return nil, errors.New("DATABASE_URL is not a PostgreSQL address: write postgres://user:password@host:5432/database")
	}
	if _, ok := conf.RuntimeParams["application_name"]; !ok {
		conf.RuntimeParams["application_name"] = "rollcall"
	}
	if conf.ConnectTimeout == 0 {
		conf.ConnectTimeout = cfg.Timeout
	}
	d := &DB{cfg: cfg}
	d.write = stdlib.OpenDB(*conf, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		// A writer that hangs must not hold up the other replicas, nor wait for one for ever.
		_, err := c.Exec(ctx, fmt.Sprintf("SET lock_timeout = %d; SET idle_in_transaction_session_timeout = 10000", cfg.Timeout.Milliseconds()))
		return err
	}))
	d.write.SetMaxOpenConns(writers)
	d.write.SetMaxIdleConns(writers)
	d.read = stdlib.OpenDB(*conf)
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	d.read.SetConnMaxIdleTime(time.Minute)
	if err := d.write.PingContext(ctx); err != nil {
		return nil, engine.Translate(errors.Join(fmt.Errorf("reach PostgreSQL at %s: %w", conf.Host, err), d.Close()), code)
	}
	d.insert, err = river.NewClient(riverpgxv5.New(nil), &river.Config{ID: cfg.NewID(), Logger: cfg.Log})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("configure jobs: %w", err), d.Close())
	}
	return d, nil
}

// Migrate brings the tables up to date under an advisory lock.
func (d *DB) Migrate(ctx context.Context) error {
	conf, err := pgxpool.ParseConfig(d.cfg.URL)
	if err != nil {
		return errors.New("DATABASE_URL is not a PostgreSQL address")
	}
	conf.MaxConns = 2
	pool, err := pgxpool.NewWithConfig(ctx, conf)
	if err != nil {
		return engine.Translate(fmt.Errorf("connect to migrate: %w", err), code)
	}
	defer pool.Close()
	db := stdlib.OpenDBFromPool(pool)
	defer func() { _ = db.Close() }()
	schema := engine.Schema[pgx.Tx]{DB: db, Dialect: goose.DialectPostgres, River: riverpgxv5.New(pool), Log: d.cfg.Log}
	if ok, err := schema.Current(ctx); ok || err != nil {
		return err
	}
	lock, err := d.write.Conn(ctx)
	if err != nil {
		return engine.Translate(fmt.Errorf("connect to migrate: %w", err), code)
	}
	defer func() { _ = lock.Close() }()
	// In a transaction of its own, so that it cannot outlive the connection.
	held, err := lock.BeginTx(ctx, nil)
	if err != nil {
		return engine.Translate(fmt.Errorf("begin to migrate: %w", err), code)
	}
	defer func() { _ = held.Rollback() }()
	if _, err := held.ExecContext(ctx, "SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"); err != nil {
		return engine.Translate(err, code)
	}
	if _, err := held.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(lockKey)); err != nil {
		return engine.Translate(fmt.Errorf("wait for another Rollcall to migrate: %w", err), code)
	}
	if ok, err := schema.Current(ctx); ok || err != nil {
		return err
	}
	d.cfg.Log.InfoContext(ctx, "migrating the database", slog.String("host", conf.ConnConfig.Host))
	return engine.Translate(schema.Up(ctx), code)
}

// StartJobs runs River's workers on a pool of their own.
func (d *DB) StartJobs(ctx context.Context, work engine.Jobs) (func(context.Context) error, error) {
	conf, err := pgxpool.ParseConfig(d.cfg.URL)
	if err != nil {
		return nil, errors.New("DATABASE_URL is not a PostgreSQL address")
	}
	conf.MaxConns = jobs
	pool, err := pgxpool.NewWithConfig(ctx, conf)
	if err != nil {
		return nil, engine.Translate(fmt.Errorf("connect job workers: %w", err), code)
	}
	client, err := river.NewClient(riverpgxv5.New(pool), engine.RiverConfig(d.cfg, work))
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("configure job workers: %w", err)
	}
	stop, err := engine.Start(ctx, client, work, d.cfg.Log)
	if err != nil {
		pool.Close()
		return nil, err
	}
	return func(ctx context.Context) error {
		defer pool.Close()
		return stop(ctx)
	}, nil
}

// Code names an error of PostgreSQL by its SQLSTATE.
func (d *DB) Code(err error) engine.Code { return code(err) }

// Close closes both pools.
func (d *DB) Close() error { return errors.Join(d.read.Close(), d.write.Close()) }

// Is reports whether a URL names a PostgreSQL database.
func Is(rawURL string) bool {
	for _, s := range Schemes() {
		if strings.HasPrefix(rawURL, s+"://") {
			return true
		}
	}
	return false
}
