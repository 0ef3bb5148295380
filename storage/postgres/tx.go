package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/storage/engine"
)

// tx is the write transaction: begun and ended through pgx, which River needs,
// while the store's SQL runs on the database/sql connection around it.
type tx struct {
	d    *DB
	conn *sql.Conn
	tx   pgx.Tx
}

// Begin takes a connection and opens a transaction on it. A broken connection
// is dropped by the pool, so that the next Begin finds a new one.
func (d *DB) Begin(ctx context.Context) (engine.Tx, error) {
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return nil, engine.Translate(fmt.Errorf("connect: %w", err), code)
	}
	t := &tx{d: d, conn: conn}
	err = conn.Raw(func(c any) error {
		px, ok := c.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the driver's connection is a %T", c)
		}
		t.tx, err = px.Conn().Begin(ctx)
		return err
	})
	if err != nil {
		return nil, engine.Translate(errors.Join(fmt.Errorf("begin: %w", err), conn.Close()), code)
	}
	return t, nil
}

// ExecContext runs a statement.
func (t *tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return t.conn.ExecContext(ctx, query, args...)
}

// QueryContext runs a query.
func (t *tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.conn.QueryContext(ctx, query, args...)
}

// QueryRowContext runs a query for one row.
func (t *tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return t.conn.QueryRowContext(ctx, query, args...)
}

// Seen cannot be told: other replicas write too.
func (t *tx) Seen(context.Context) (version int64, ok bool, err error) { return 0, false, nil }

// Enqueue inserts jobs. Not the COPY that River also offers: it would fail on a
// unique job that is already there, and all that shares the transaction with it.
func (t *tx) Enqueue(ctx context.Context, jobs []river.InsertManyParams) error {
	if _, err := t.d.insert.InsertManyTx(ctx, t.tx, jobs); err != nil {
		return engine.Translate(fmt.Errorf("enqueue jobs: %w", err), code)
	}
	return nil
}

// Commit ends the transaction on the server.
func (t *tx) Commit(ctx context.Context) error {
	if t.tx.Conn().IsClosed() || ctx.Err() != nil {
		_ = t.Rollback(ctx)
		return &engine.Error{Code: engine.Unavailable, Err: errors.New("the connection was lost before the commit")}
	}
	err := t.tx.Commit(ctx)
	// What goes wrong in giving a connection back changes nothing of the outcome.
	_ = t.conn.Close()
	if err != nil {
		return &engine.Error{Code: outcome(err), Err: fmt.Errorf("commit: %w", err)}
	}
	return nil
}

// Rollback undoes the transaction.
func (t *tx) Rollback(ctx context.Context) error {
	err := t.tx.Rollback(ctx)
	if errors.Is(err, pgx.ErrTxClosed) {
		return nil
	}
	_ = t.conn.Close()
	if err != nil {
		return engine.Translate(fmt.Errorf("roll back: %w", err), code)
	}
	return nil
}

// readTx is a read-only transaction.
type readTx struct{ *sql.Tx }

// BeginRead opens a transaction that sees one state and cannot write.
func (d *DB) BeginRead(ctx context.Context) (engine.ReadTx, error) {
	t, err := d.read.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, engine.Translate(fmt.Errorf("begin reading: %w", err), code)
	}
	return readTx{t}, nil
}

// End gives the connection back.
func (t readTx) End() error {
	if err := t.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return engine.Translate(err, code)
	}
	return nil
}

// broken reports that the connection is not usable any more.
func broken(err error) bool { return errors.Is(err, driver.ErrBadConn) }
