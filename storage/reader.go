package storage

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage/engine"
)

// Local is the one workspace of an installation.
const Local = "local"

// Reader reads from one consistent state of the database. It is valid only
// inside the function that it was given to.
type Reader struct {
	s   *Store
	ctx context.Context // bounds the transaction
	q   engine.Queryer
	// load folds an incident: the writer's are its own, a reader's are shared.
	load func(incident.ID) (*incident.Incident, error)
	memo *memo // nil for readers, and where the database has other writers
	open bool  // private incidents pass nobody
}

// Read runs fn in a read-only transaction, bounded by ctx and by ReadTimeout.
// It never waits for writers.
func (s *Store) Read(ctx context.Context, fn func(*Reader) error) error {
	ctx, cancel := context.WithTimeout(ctx, ReadTimeout)
	defer cancel()
	s.mu.RLock()
	closed := s.closed
	if !closed {
		s.reads.Add(1) // Close waits for it
		defer s.reads.Done()
	}
	s.mu.RUnlock()
	if closed {
		return errClosed
	}
	t, err := s.db.BeginRead(ctx)
	if err != nil {
		return err
	}
	r := &Reader{s: s, ctx: ctx, q: t}
	r.load = r.loadShared
	if err := fn(r); err != nil {
		_ = t.End() // nothing was written, and fn's error says more
		return err
	}
	return t.End()
}

// Context bounds the transaction, for what is asked of others on its way.
func (r *Reader) Context() context.Context { return r.ctx }

// exec runs a statement and returns how many rows it changed.
func (r *Reader) exec(query string, args ...any) (int64, error) {
	res, err := r.q.ExecContext(r.ctx, query, args...)
	if err != nil {
		return 0, r.translate(err)
	}
	n, err := res.RowsAffected()
	return n, r.translate(err)
}

// args are the values of a query's placeholders.
type args = []any

// row reads one row into dest; the code is NotFound when there is none.
func (r *Reader) row(query string, values args, dest ...any) error {
	return r.translate(r.q.QueryRowContext(r.ctx, query, values...).Scan(dest...))
}

// found turns NotFound into false.
func found(err error) (bool, error) {
	if is(err, NotFound) {
		return false, nil
	}
	return err == nil, err
}

func (r *Reader) translate(err error) error { return engine.Translate(err, r.s.db.Code) }

// scanner is a row.
type scanner interface{ Scan(dest ...any) error }

// collect reads all rows of a query.
func collect[T any](r *Reader, query string, values args, scan func(scanner) (T, error)) ([]T, error) {
	rows, err := r.q.QueryContext(r.ctx, query, values...)
	if err != nil {
		return nil, r.translate(err)
	}
	defer func() { _ = rows.Close() }()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, r.translate(err)
		}
		all = append(all, one)
	}
	return all, r.translate(rows.Err())
}

// scanText reads a row of one text column.
func scanText[T ~string](rows scanner) (T, error) {
	var s string
	err := rows.Scan(&s)
	return T(s), err
}

// micros is how a time is stored: microseconds since 1970 UTC, 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// moment reads what micros wrote.
func moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// flag is how yes and no are stored.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// clean makes typed text storable: PostgreSQL takes neither zero bytes nor
// broken UTF-8.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 { // mostly, and quickly found out
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
