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
	queued    int32 = iota // not begun; the caller may still give it up
	running                // the writer has begun it
	abandoned              // the caller has been answered; the writer must not begin it
)

// grace is how long a caller whose write has already begun waits beyond the
// deadline, as a fraction of the deadline: a third of 2 s keeps the whole answer
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

// again gives the caller back the right to give up, before the request is run a
// second time. It is false when the caller has already been answered.
func (r *request) again() bool { return r.state.CompareAndSwap(running, queued) }

// abandon claims the request for the caller.
func (r *request) abandon() bool { return r.state.CompareAndSwap(queued, abandoned) }

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
// included. A function that has not begun by then is never run, and the code is
// Unavailable; one whose commit is still under way then yields Unknown.
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
	if r.abandon() {
		return errLate
	}
	timer.Reset(s.opts.Deadline / grace)
	select {
	case err := <-r.done:
		return err
	case <-timer.C:
	}
	if r.abandon() {
		return errLate
	}
	if r.state.CompareAndSwap(running, abandoned) {
		return errSlow
	}
	return <-r.done
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
	errLate   = &Error{Code: Unavailable, Err: errors.New("the database did not take the write in time, so it was not begun")}
	errSlow   = &Error{Code: Unknown, Err: errors.New("the database has not confirmed the write in time")}
)
