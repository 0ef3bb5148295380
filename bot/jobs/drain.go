package jobs

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// renewEvery is well below storage.StreamLease; on the machine's clock, as the lease is.
	renewEvery = 10 * time.Second
	// shortWait is waited through with the stream in hand; for a longer one it is handed back.
	shortWait = 2 * time.Second
	// maxIdle is how often in a row there may be work and nothing to do, and
	// idlePause how long it is then left alone.
	maxIdle   = 3
	idlePause = 5 * time.Second
	// turn is how long an incident may keep its worker while others wait for one.
	turn = 20 * time.Second
	// drainTimeout only ends a drain that hangs; it is finite so that the job of a
	// process that died does not stay "running" for ever.
	drainTimeout = 10 * time.Minute
	// handBack is when somebody may go on with what was left: not before the
	// database can have taken note of it.
	handBack = time.Second
	// handBacks is how often it is tried, each time with twice the time.
	handBacks = 4
)

// Reasons to end a drain with work left: the process ends, or the turn does.
var (
	errStopping = errors.New("the process is stopping")
	errTurn     = errors.New("the turn is over")
)

// drainWorker carries out an incident's outbound work.
type drainWorker struct {
	river.WorkerDefaults[bot.DrainArgs]
	w *Workers
}

// Timeout is far beyond a turn; each step has a timeout of its own.
func (*drainWorker) Timeout(*river.Job[bot.DrainArgs]) time.Duration { return drainTimeout }

// Work drains the incident unless another worker does: that one sees, before it
// ends, whatever this job was to announce.
func (d *drainWorker) Work(ctx context.Context, job *river.Job[bot.DrainArgs]) error {
	id := job.Args.Incident
	if err := d.w.drain(ctx, id); err != nil {
		d.w.Log.ErrorContext(ctx, "outbound work of an incident was interrupted", slog.String("incident", string(id)), slog.Any("error", err))
		return snooze(firstWait)
	}
	return nil
}

// drain takes the stream, works, and gives it back.
func (w *Workers) drain(ctx context.Context, id incident.ID) error {
	var st storage.Stream
	var mine bool
	err := w.Store.Write(ctx, func(tx *storage.Tx) (err error) {
		st, mine, err = tx.AcquireStream(id, w.NewID(), storage.StreamLease)
		return err
	})
	if err != nil || !mine {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go w.keep(ctx, st, cancel)
	r := &run{
		Workers: w, st: st, id: id, crew: &crew{ctx: ctx, store: w.Store, known: map[incident.PersonID]storage.Person{}},
		held: map[incident.Card]time.Time{}, until: w.Clock.Now().Add(turn),
	}
	err = r.all(ctx)
	switch {
	case storage.CodeOf(err) == storage.Fenced || storage.CodeOf(context.Cause(ctx)) == storage.Fenced:
		w.Log.InfoContext(ctx, "another worker took over", slog.String("incident", string(id)))
		return nil
	case err == nil:
		return nil
	case errors.Is(err, errTurn):
		return w.giveWay(ctx, st)
	}
	w.handBack(context.WithoutCancel(ctx), st)
	if errors.Is(err, errStopping) {
		return nil
	}
	return err
}

// giveWay gives the stream back and gets into the queue again, behind whoever
// waits for a worker.
func (w *Workers) giveWay(ctx context.Context, st storage.Stream) error {
	return w.Store.Write(context.WithoutCancel(ctx), func(tx *storage.Tx) error {
		if _, err := tx.ReleaseStream(st, w.Clock.Now().Add(handBack)); err != nil {
			return err
		}
		return tx.Enqueue(bot.DrainArgs{Incident: st.Incident}, nil)
	})
}

// handBack gives the stream back although there is work left: whatever went
// wrong, nobody should have to wait for the lease to end.
func (w *Workers) handBack(ctx context.Context, st storage.Stream) {
	more, err := true, error(nil)
	for n := 0; n < handBacks && more && err == nil; n++ {
		more, err = w.release(ctx, st, w.Clock.Now().Add(handBack<<n))
	}
	if more || err != nil {
		w.Log.WarnContext(ctx, "outbound work could not be handed back; it waits for the lease to end", slog.Any("error", err))
	}
}

// keep renews the lease while steps take long, ends the work when another
// worker has taken over, and when the process stops.
func (w *Workers) keep(ctx context.Context, st storage.Stream, end context.CancelCauseFunc) {
	ticker := time.NewTicker(renewEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := w.Store.Write(ctx, func(tx *storage.Tx) error { return tx.Hold(st) })
		if storage.CodeOf(err) == storage.Fenced {
			end(err)
			return
		}
	}
}

func (w *Workers) release(ctx context.Context, st storage.Stream, notBefore time.Time) (more bool, err error) {
	err = w.Store.Write(ctx, func(tx *storage.Tx) (err error) {
		more, err = tx.ReleaseStream(st, notBefore)
		return err
	})
	return more, err
}

// run is one worker's time with one incident.
type run struct {
	*Workers
	st     storage.Stream
	id     incident.ID
	crew   *crew
	held   map[incident.Card]time.Time // cards not to be tried before
	paused time.Time                   // nothing is tried before: Slack is not there
	until  time.Time                   // the end of the turn
}

// all carries out whatever can be carried out now, in order, until the stream
// could be given back.
func (r *run) all(ctx context.Context) error {
	idle := 0
	for {
		if err := r.alive(ctx); err != nil {
			return err
		}
		l, err := r.look(ctx)
		if err != nil {
			return err
		}
		step, next := r.choose(l)
		if step != nil {
			if err := step(ctx); err != nil {
				return err
			}
			idle = 0
			continue
		}
		if wait := next.Sub(r.Clock.Now()); !next.IsZero() && wait <= shortWait {
			if err := r.rest(ctx, wait); err != nil {
				return err
			}
			idle = 0
			continue
		}
		if more, err := r.release(ctx, r.st, next); err != nil || !more {
			return err
		}
		// Work came in between. Should it be of a kind that this program never
		// finds anything to do for, it must not keep the processor busy.
		if idle++; idle > maxIdle {
			r.paused = r.Clock.Now().Add(idlePause)
		}
	}
}

// rest waits with the stream in hand, unless the process stops.
func (r *run) rest(ctx context.Context, wait time.Duration) error {
	resting, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-r.stopping:
			cancel()
		case <-resting.Done():
		}
	}()
	if err := r.Clock.Sleep(resting, wait); err != nil {
		return cmp.Or(r.alive(ctx), err)
	}
	return nil
}

// alive says why to stop, if there is a reason.
func (r *run) alive(ctx context.Context) error {
	select {
	case <-r.stopping:
		return errStopping
	default:
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if r.Clock.Now().After(r.until) {
		return errTurn
	}
	return nil
}
