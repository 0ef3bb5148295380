package storage

import (
	"encoding/json"
	"fmt"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/incident"
)

// Shared is what make finds out, once for all functions that share a transaction: of
// what hardly ever changes, and whose look-ups go to the same state.
func Shared[T any](tx *Tx, make func(*Reader) T) T {
	if v, ok := tx.b.shared.(T); ok {
		return v
	}
	v := make(tx.Reader)
	tx.b.shared = v
	return v
}

// Tx reads and writes inside the writer's transaction. It is valid only inside
// the function that it was given to. After a write of it has failed, the
// function fails too, whatever it returns.
type Tx struct {
	*Reader
	b       *batch
	jobs    []job
	touched []incident.ID // incidents whose folded state this function has changed
	posts   map[incident.ID]*outbox
	broken  error // the first write that failed
	wrote   bool  // a write was tried
	again   bool  // the function runs again: another replica was first, or the request was no new one
	assumed bool  // it was told that a request is new, and nobody has looked yet
}

// job is a River job to be inserted with the commit.
type job struct {
	key    string // equal jobs of one transaction are inserted once
	params river.InsertManyParams
}

func (b *batch) newTx(again bool) *Tx {
	tx := &Tx{b: b, again: again}
	tx.Reader = &Reader{s: b.w.s, ctx: b.ctx, q: b.t}
	tx.load = tx.loadOwn
	if !b.forgetful {
		tx.memo = &b.w.memo
	}
	return tx
}

// exec runs a write; its failure is remembered.
func (tx *Tx) exec(query string, values ...any) (int64, error) {
	tx.wrote = true
	n, err := tx.Reader.exec(query, values...)
	return n, tx.failed(err)
}

// returning runs a write that returns one row; NotFound means that it changed none.
func (tx *Tx) returning(query string, values args, dest ...any) error {
	tx.wrote = true
	err := tx.row(query, values, dest...)
	if is(err, NotFound) {
		return err
	}
	return tx.failed(err)
}

func (tx *Tx) failed(err error) error {
	if err != nil && tx.broken == nil {
		tx.broken = err
	}
	return err
}

// Enqueue inserts a job that exists if and only if this function's writes do.
// Jobs carry ids only and wake a worker that looks for itself what there is to
// do, so equal ones (kind, arguments, queue, time) of one transaction are one.
func (tx *Tx) Enqueue(args river.JobArgs, opts *river.InsertOpts) error {
	j, err := newJob(args, opts)
	if err != nil {
		return tx.failed(err)
	}
	tx.jobs = append(tx.jobs, j)
	return nil
}

func newJob(args river.JobArgs, opts *river.InsertOpts) (job, error) {
	body, err := json.Marshal(args)
	if err != nil {
		return job{}, &Error{Code: Internal, Err: fmt.Errorf("encode the job %s: %w", args.Kind(), err)}
	}
	key := args.Kind() + "\x00" + string(body)
	if opts != nil {
		key += fmt.Sprintf("\x00%s\x00%d", opts.Queue, opts.ScheduledAt.UnixMicro())
	}
	return job{key, river.InsertManyParams{Args: args, InsertOpts: opts}}, nil
}

// text is a domain id as a column value.
func text[T ~string](s T) string { return string(s) }

// NextNumber is the number of the next incident. A number whose function fails
// is given again.
func (tx *Tx) NextNumber() (int, error) {
	var n int64
	err := tx.returning(`INSERT INTO counter (workspace, name, value) VALUES ($1, 'incident', 1)
		ON CONFLICT (workspace, name) DO UPDATE SET value = counter.value + 1 RETURNING value`, args{Local}, &n)
	return int(n), err
}

// RaiseNumber makes sure that the next incident's number is above n, such as
// after a restore, when channels with higher numbers are found.
func (tx *Tx) RaiseNumber(n int) error {
	_, err := tx.exec(`INSERT INTO counter (workspace, name, value) VALUES ($1, 'incident', $2)
		ON CONFLICT (workspace, name) DO UPDATE SET value = CASE WHEN counter.value < $2 THEN $2 ELSE counter.value END`, Local, int64(n))
	return err
}
