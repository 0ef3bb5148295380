package storage

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// The states of a request. The caller and the writer settle by compare-and-set
// who decides about it.
const (
	queued     int32 = iota // not begun
	running                 // the writer runs it, or has run it and waits for its neighbours
	committing              // the commit is under way: only the database can tell
	abandoned               // the caller has been answered; the writer must neither run nor commit it
)

// grace is how long a caller whose write has already begun waits beyond the
// deadline, as a part of the deadline: a third of 2 s keeps the whole answer
// under 3 s.
const grace = 3

// request is one function waiting for the writer.
type request struct {
	ctx   context.Context // carries the caller's values, never its end
	fn    func(*Tx) error
	state atomic.Int32
	done  chan error // holds one answer, so that the writer never waits
}

// begin claims the request for the writer.
func (r *request) begin() bool { return r.state.CompareAndSwap(queued, running) }

// commit claims it for the commit, after which the caller cannot take it back.
func (r *request) commit() bool { return r.state.CompareAndSwap(running, committing) }

// again puts it back, before it is run a second time.
func (r *request) again() {
	if !r.state.CompareAndSwap(running, queued) {
		r.state.CompareAndSwap(committing, queued)
	}
}

// abandon claims it for the caller.
func (r *request) abandon(from int32) bool { return r.state.CompareAndSwap(from, abandoned) }

func (r *request) answer(err error) { r.done <- err }

// Write runs fn inside a transaction and returns after the commit. Several
// callers' functions share a transaction, each in a savepoint of its own: an
// error or a panic of fn undoes only what fn did, and is returned.
//
// fn may run more than once, on fresh state each time, when the transaction as a
// whole fails or another replica was first; so it must have no effect but
// through tx, must not keep tx, and must not call Write.
//
// The end of ctx does not interrupt a write: a person whose connection broke
// still wants the command done. What bounds it is the store's deadline, waiting
// included: then what fn did is not committed any more, and the code is
// Unavailable. Only when the commit itself is under way and does not return is
// the code Unknown.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return &Error{Code: Unavailable, Err: err}
	}
	timer := time.NewTimer(s.opts.Deadline)
	defer timer.Stop()
	r := &request{ctx: context.WithoutCancel(ctx), fn: fn, done: make(chan error, 1)}
	if err := s.queue(r, timer); err != nil {
		return err
	}
	select {
	case err := <-r.done:
		return err
	case <-timer.C:
	}
	if r.abandon(queued) {
		return errLate
	}
	timer.Reset(s.opts.Deadline / grace)
	select {
	case err := <-r.done:
		return err
	case <-timer.C:
	}
	// It may go back to the queue between the two questions, hence three.
	if r.abandon(queued) || r.abandon(running) || r.abandon(queued) {
		return errLate
	}
	select {
	case err := <-r.done:
		return err
	default:
		return errSlow
	}
}

// queue hands a request to the writer, waiting for room until the timer fires.
func (s *Store) queue(r *request, timer *time.Timer) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return errClosed
	}
	select {
	case s.writer.queue <- r:
		return nil
	case <-timer.C:
		return errLate
	}
}

var (
	errClosed = &Error{Code: Unavailable, Err: errors.New("the store is closed")}
	errLate   = &Error{Code: Unavailable, Err: errors.New("the database did not take the write in time")}
	errSlow   = &Error{Code: Unknown, Err: errors.New("the database has not confirmed the write in time")}
)
