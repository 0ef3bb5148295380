package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/mattn/go-sqlite3"
	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/storage/engine"
)

// tx is the write transaction.
type tx struct {
	d    *DB
	conn *sql.Conn
	tx   *sql.Tx
	raw  driver.ExecerContext // the driver's side of conn, which is this transaction's alone
	// ctx cannot end. With one that can, the driver starts a goroutine for each
	// statement; and interrupting a write halfway rolls back everybody's work in
	// this transaction. Waiting is bounded by the busy timeout instead.
	ctx context.Context // see above
}

// Begin waits for the connection until ctx ends, then for the write lock until
// the busy timeout.
func (d *DB) Begin(ctx context.Context) (engine.Tx, error) {
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return nil, engine.Translate(fmt.Errorf("wait for the write connection: %w", err), code)
	}
	t := &tx{d: d, conn: conn, ctx: context.WithoutCancel(ctx)}
	if err := conn.Raw(t.know); err != nil {
		return nil, engine.Translate(errors.Join(fmt.Errorf("look at the write connection: %w", err), conn.Close()), code)
	}
	if t.tx, err = conn.BeginTx(t.ctx, nil); err != nil {
		return nil, engine.Translate(errors.Join(fmt.Errorf("begin: %w", err), conn.Close()), code)
	}
	return t, nil
}

// ExecContext runs a statement; the context's end does not interrupt it. It asks the
// driver itself: on the way that everybody waits for, a list of arguments and three
// locks for each statement are a tenth of the garbage.
func (t *tx) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	if t.raw == nil {
		return nil, sql.ErrTxDone
	}
	values := t.d.values[:0]
	for n, a := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", n+1, err)
		}
		values = append(values, driver.NamedValue{Ordinal: n + 1, Value: v})
	}
	t.d.values = values
	return t.raw.ExecContext(t.ctx, bind(query), values)
}

// QueryContext runs a query; the context's end does not interrupt it.
func (t *tx) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.tx.QueryContext(t.ctx, bind(query), args...)
}

// QueryRowContext runs a query for one row; the context's end does not interrupt it.
func (t *tx) QueryRowContext(_ context.Context, query string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(t.ctx, bind(query), args...)
}

// know keeps the driver's side of the connection, and counts the connections that
// there have been: the pool opens a new one when the former is of no use any more.
func (t *tx) know(conn any) error {
	if t.d.conn != conn {
		t.d.conn, t.d.conns = conn, t.d.conns+1
	}
	var ok bool
	if t.raw, ok = conn.(driver.ExecerContext); !ok {
		return fmt.Errorf("the driver's %T cannot run statements", conn)
	}
	return nil
}

// Seen is SQLite's data version: it changes when another connection commits, of
// this process or of another one, and there is only one that writes here. Each
// connection counts for itself.
func (t *tx) Seen(context.Context) (version int64, ok bool, err error) {
	if err := t.tx.QueryRowContext(t.ctx, "PRAGMA data_version").Scan(&version); err != nil {
		return 0, false, engine.Translate(fmt.Errorf("read the data version: %w", err), code)
	}
	return t.d.conns<<32 | version&(1<<32-1), true, nil
}

// Enqueue inserts jobs with one statement.
func (t *tx) Enqueue(_ context.Context, jobs []river.InsertManyParams) error {
	if _, err := t.d.insert.InsertManyFastTx(t.ctx, t.tx, jobs); err != nil {
		return engine.Translate(fmt.Errorf("enqueue jobs: %w", err), code)
	}
	return nil
}

// Commit syncs the transaction to the disk.
func (t *tx) Commit(context.Context) error {
	t.raw = nil
	err := t.tx.Commit()
	if err == nil {
		return t.conn.Close()
	}
	// The driver has left the transaction open, or SQLite has rolled it back.
	_, back := t.conn.ExecContext(t.ctx, "ROLLBACK")
	_ = back // "no transaction is active" is as good
	err = engine.Translate(errors.Join(fmt.Errorf("commit: %w", err), t.conn.Close()), code)
	var e sqlite3.Error
	if errors.As(err, &e) && e.Code == sqlite3.ErrIoErr && !full(e) {
		// The pages may be on the disk although the sync failed.
		return &engine.Error{Code: engine.Unknown, Err: err}
	}
	return err
}

// Rollback undoes the transaction.
func (t *tx) Rollback(context.Context) error {
	t.raw = nil
	err := t.tx.Rollback()
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	if err != nil {
		// SQLite rolls back by itself when the disk is full. Should it not have, the
		// open transaction must not stay on the only connection: drop that.
		_ = t.conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	if err := t.conn.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) {
		return engine.Translate(err, code)
	}
	return nil
}

// readTx is a read-only transaction.
type readTx struct{ tx *sql.Tx }

// BeginRead opens a transaction that sees the state as of its first query.
func (d *DB) BeginRead(ctx context.Context) (engine.ReadTx, error) {
	t, err := d.read.BeginTx(ctx, nil)
	if err != nil {
		return nil, engine.Translate(fmt.Errorf("begin reading: %w", err), code)
	}
	return readTx{t}, nil
}

// ExecContext is refused by SQLite when it would write.
func (t readTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return t.tx.ExecContext(ctx, bind(query), args...)
}

// QueryContext runs a query.
func (t readTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.tx.QueryContext(ctx, bind(query), args...)
}

// QueryRowContext runs a query for one row.
func (t readTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(ctx, bind(query), args...)
}

// End gives the connection back.
func (t readTx) End() error {
	if err := t.tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return engine.Translate(err, code)
	}
	return nil
}

// bound remembers rewritten queries; there are about a hundred texts.
var bound sync.Map

// bind spells $1 as ?1. The driver takes $1 for a name and binds names in the
// order in which they appear, so that "$2 … $1" would be silently swapped.
// No query of ours holds a dollar sign in a literal.
func bind(query string) string {
	if b, ok := bound.Load(query); ok {
		return b.(string) //nolint:forcetypeassert // only strings are stored
	}
	b := strings.ReplaceAll(query, "$", "?")
	bound.Store(query, b)
	return b
}
