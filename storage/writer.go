package storage

import (
	"context"
	"log/slog"
	"sync/atomic"

	"github.com/rollcall-bot/rollcall/incident"
)

const (
	// batchLimit is how many functions share one transaction. Beyond it the first
	// waits longer for its answer than the shared sync of the disk saves.
	batchLimit = 64
	// queueLimit bounds what waits; beyond it callers wait outside.
	queueLimit = 4096
	// redecideLimit is how often a function is run again when another replica
	// was first, or when a request that it took for new was none.
	redecideLimit = 5
)

// writer is the one goroutine that writes.
type writer struct {
	s       *Store
	queue   chan *request
	stopped chan struct{}
	cache   *folds // folded incidents, mutable, touched by this goroutine only
	memo    memo   // touched by this goroutine only

	writes, commits, replays, redecided atomic.Int64
}

func newWriter(s *Store) *writer {
	return &writer{
		s:       s,
		queue:   make(chan *request, queueLimit),
		stopped: make(chan struct{}),
		cache:   newFolds(foldLimit),
	}
}

// run takes what waits, up to batchLimit, until the queue is closed and empty.
// While one batch commits the next one gathers.
func (w *writer) run() {
	defer close(w.stopped)
	for first := range w.queue {
		batch := w.gather(first)
		if len(batch) == 1 {
			w.alone(first)
			continue
		}
		again, alone := w.together(batch, false)
		if len(again) > 0 && !alone {
			again, _ = w.together(again, true)
		}
		if len(again) > 0 {
			w.replays.Add(1)
		}
		for _, r := range again {
			w.alone(r)
		}
	}
}

// gather takes what waits now. It waits for nobody: those who come while this batch
// is written share the next one.
func (w *writer) gather(first *request) []*request {
	batch := []*request{first}
	for len(batch) < batchLimit {
		select {
		case r, ok := <-w.queue:
			if !ok {
				return batch
			}
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

// outcome is what a function of a batch came to.
type outcome struct {
	r   *request
	err error
}

// together runs a batch in one transaction and answers it. When the transaction
// fails as a whole it returns what has to be run again: carefully, so that one
// function's failure does not undo the others', or alone, one by one, when it was
// not a function that failed.
func (w *writer) together(batch []*request, careful bool) (again []*request, alone bool) {
	ctx, cancel := context.WithTimeout(context.Background(), w.s.opts.Deadline)
	defer cancel()
	b, err := w.begin(ctx)
	if err != nil {
		for _, r := range batch {
			r.answer(err)
		}
		return nil, false
	}
	var done []outcome
	survivors := 0
	for _, r := range batch {
		if !r.begin() {
			continue
		}
		err, ok := b.run(r, careful)
		done = append(done, outcome{r, err})
		if !ok {
			return w.giveUp(b, done, batch), careful
		}
		if err == nil {
			survivors++
		}
	}
	if survivors == 0 {
		w.rollback(b)
		answer(w, done, nil)
		return nil, false
	}
	for _, o := range done {
		if o.err == nil && !o.r.commit() {
			return w.giveUp(b, done, batch), true // its caller has been told that it is not saved
		}
	}
	if err := b.commit(); is(err, Unknown) {
		w.evict(b.touched)
		answer(w, done, err)
		return nil, false
	} else if err != nil {
		return w.giveUp(b, done, batch), true
	}
	answer(w, done, nil)
	return nil, false
}

// answer tells each caller the fate of its function; err is the fate of the
// commit for those that had none of their own.
func answer(w *writer, done []outcome, err error) {
	for _, o := range done {
		if o.err == nil {
			o.err = err
		}
		w.writes.Add(1)
		o.r.answer(o.err)
	}
}

// giveUp rolls a batch back and hands it back, to be run again. Each caller may
// meanwhile give up what is its own.
func (w *writer) giveUp(b *batch, done []outcome, whole []*request) []*request {
	w.evict(b.touched)
	w.rollback(b)
	for _, o := range done {
		o.r.again()
	}
	return whole
}

// alone runs one function in a transaction of its own.
func (w *writer) alone(r *request) {
	var err error
	for attempt := range redecideLimit {
		if !r.begin() {
			return
		}
		if err = w.once(r, attempt > 0); !is(err, Conflict) {
			break
		}
		w.redecided.Add(1)
		r.again()
	}
	w.writes.Add(1)
	r.answer(err)
}

// once is one attempt of alone.
func (w *writer) once(r *request, again bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), w.s.opts.Deadline)
	defer cancel()
	b, err := w.begin(ctx)
	if err != nil {
		return err
	}
	if _, err = b.call(r, again); err == nil {
		if err = errLate; r.commit() {
			err = b.commit()
		}
	}
	if err != nil {
		w.evict(b.touched)
		w.rollback(b)
	}
	return err
}

func (w *writer) rollback(b *batch) {
	if err := b.t.Rollback(b.ctx); err != nil {
		w.s.opts.Log.WarnContext(b.ctx, "could not roll back", slog.Any("error", err))
	}
}

// evict forgets folded incidents whose events may not have been stored.
func (w *writer) evict(ids []incident.ID) {
	for _, id := range ids {
		w.cache.remove(id)
	}
}
