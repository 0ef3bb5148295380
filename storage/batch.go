package storage

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage/engine"
)

// touched is a set of incidents.
type touched map[incident.ID]bool

// batch is one transaction and what its functions have done so far.
type batch struct {
	w       *writer
	ctx     context.Context // bounds this transaction
	t       engine.Tx
	touched touched // by the functions that succeeded, and by the one that runs
	fresh   touched // cached incidents known to be up to date in this transaction
	jobs    []river.InsertManyParams
	seen    map[string]bool // jobs already gathered
	posts   map[incident.ID]*outbox
}

func (w *writer) newBatch(ctx context.Context, t engine.Tx) *batch {
	return &batch{w: w, ctx: ctx, t: t, touched: touched{}, fresh: touched{}, seen: map[string]bool{}, posts: map[incident.ID]*outbox{}}
}

// step runs one function in a savepoint. broken means that the transaction is
// lost for everybody.
func (b *batch) step(r *request) (err error, broken bool) {
	for attempt := range redecideLimit {
		if _, err := b.t.ExecContext(b.ctx, "SAVEPOINT step"); err != nil {
			return err, true
		}
		if err = b.call(r, attempt > 0); err == nil {
			_, err := b.t.ExecContext(b.ctx, "RELEASE SAVEPOINT step")
			return err, err != nil
		}
		if _, back := b.t.ExecContext(b.ctx, "ROLLBACK TO SAVEPOINT step"); back != nil {
			return err, true
		}
		if _, back := b.t.ExecContext(b.ctx, "RELEASE SAVEPOINT step"); back != nil {
			return err, true
		}
		if !is(err, Conflict) {
			// A deadlock between two replicas' batches dissolves when each
			// function has a transaction of its own.
			return err, is(err, Locked)
		}
		b.w.redecided.Add(1)
	}
	return err, false
}

// call runs the function once. What it touched is evicted when it fails.
func (b *batch) call(r *request, again bool) (err error) {
	tx := b.newTx(again)
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Code: Internal, Err: fmt.Errorf("panic in a write: %v", p)}
			b.w.s.opts.Log.ErrorContext(r.ctx, "panic in a write", slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
		}
		if err != nil {
			b.w.evict(tx.touched)
			for id := range tx.touched {
				delete(b.fresh, id)
			}
			return
		}
		b.gather(tx)
	}()
	if err := r.fn(tx); err != nil {
		return err
	}
	return tx.broken
}

// commit adds the posts and jobs, and commits.
func (b *batch) commit() error {
	if err := b.flush(); err != nil {
		return err
	}
	if len(b.jobs) > 0 {
		if err := b.t.Enqueue(b.ctx, b.jobs); err != nil {
			return err
		}
	}
	if err := b.t.Commit(b.ctx); err != nil {
		return err
	}
	b.w.commits.Add(1)
	return nil
}
