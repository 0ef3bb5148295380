package storage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage/engine"
)

// batch is one transaction and what its functions have done so far.
type batch struct {
	w       *writer
	ctx     context.Context // bounds this transaction
	t       engine.Tx
	touched []incident.ID        // by the functions that succeeded
	fresh   map[incident.ID]bool // cached incidents known to be up to date in this transaction
	jobs    []river.InsertManyParams
	queued  map[string]bool // jobs already gathered
	posts   map[incident.ID]*outbox
	shared  any // of Shared

	seen      int64 // engine.Tx.Seen; 0 where it cannot be told
	forgetful bool  // nothing that is read may be remembered any more
}

// begin opens a transaction for a batch.
func (w *writer) begin(ctx context.Context) (*batch, error) {
	t, err := w.s.db.Begin(ctx)
	if err != nil {
		return nil, err
	}
	b := &batch{w: w, ctx: ctx, t: t, fresh: map[incident.ID]bool{}, queued: map[string]bool{}, posts: map[incident.ID]*outbox{}}
	seen, known, err := t.Seen(ctx)
	if err != nil {
		w.rollback(b)
		return nil, err
	}
	if b.forgetful = !known; known {
		b.seen = seen
		w.memo.begin(seen)
	}
	return b, nil
}

// alone says that nobody else can have written since an incident was folded.
func (b *batch) alone(f *fold) bool { return b.seen != 0 && f.seen == b.seen }

// run runs one function of several. ok is false when the transaction is lost for
// all of them.
//
// Savepoints cost as much as the work between them and functions hardly ever
// fail, so a batch is run without them first. Then one that fails after it has
// written, or in a way that may have spoiled the transaction, spoils the batch,
// which is run again carefully.
func (b *batch) run(r *request, careful bool) (err error, ok bool) {
	if careful {
		return b.carefully(r)
	}
	wrote, err := b.call(r, false)
	var stored *Error
	return err, err == nil || !wrote && (!errors.As(err, &stored) || stored.Code == NotFound)
}

// carefully runs one function in a savepoint.
func (b *batch) carefully(r *request) (err error, ok bool) {
	for attempt := range redecideLimit {
		if _, err := b.t.ExecContext(b.ctx, "SAVEPOINT step"); err != nil {
			return err, false
		}
		if _, err = b.call(r, attempt > 0); err == nil {
			_, err := b.t.ExecContext(b.ctx, "RELEASE SAVEPOINT step")
			return err, err == nil
		}
		if _, back := b.t.ExecContext(b.ctx, "ROLLBACK TO SAVEPOINT step"); back != nil {
			return err, false
		}
		if _, back := b.t.ExecContext(b.ctx, "RELEASE SAVEPOINT step"); back != nil {
			return err, false
		}
		if !is(err, Conflict) {
			// A deadlock between two replicas' batches dissolves when each
			// function has a transaction of its own.
			return err, !is(err, Locked)
		}
		b.w.redecided.Add(1)
	}
	return err, true
}

// call runs the function once. What it touched is evicted when it fails; wrote
// says whether the database was.
func (b *batch) call(r *request, again bool) (wrote bool, err error) {
	tx := b.newTx(again)
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Code: Internal, Err: fmt.Errorf("panic in a write: %v", p)}
			stack := debug.Stack()
			b.w.s.opts.Log.ErrorContext(r.ctx, "panic in a write", slog.Any("panic", p), slog.String("stack", string(stack)))
			if told := b.w.s.opts.Panicked; told != nil {
				told(p, stack)
			}
		}
		wrote = tx.wrote
		if err != nil {
			b.shared = nil // it may have been found out from what is undone
			b.w.evict(tx.touched)
			for _, id := range tx.touched {
				delete(b.fresh, id)
			}
			return
		}
		b.gather(tx)
	}()
	if err := r.fn(tx); err != nil && !tx.assumed {
		return false, err
	}
	if tx.broken == nil && tx.assumed {
		return false, errRepeated // perhaps: nobody has looked
	}
	return false, tx.broken
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
