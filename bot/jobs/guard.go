package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
)

// guarded is a worker whose panic costs one job: River tries it again, ever later.
type guarded[T river.JobArgs] struct {
	river.Worker[T]
	w *Workers
}

// addGuarded adds a worker, and what its jobs are called to kinds.
func addGuarded[T river.JobArgs](w *Workers, to *river.Workers, kinds *[]string, worker river.Worker[T]) error {
	var zero T
	*kinds = append(*kinds, zero.Kind())
	return river.AddWorkerSafely(to, &guarded[T]{worker, w})
}

// errPanicked is what a panic was, for whoever decides about trying again.
var errPanicked = errors.New("it panicked")

// Work works. The job after whose failure none follows is reported, too.
func (g *guarded[T]) Work(ctx context.Context, job *river.Job[T]) (err error) {
	kind := "job " + job.Kind
	defer func() {
		if p := recover(); p != nil {
			g.w.panicked(ctx, kind, "", p)
			err = errPanicked
		}
		var later *river.JobSnoozeError
		if err != nil && !errors.As(err, &later) && job.Attempt >= job.MaxAttempts {
			g.w.Report(outbound.Trouble{Kind: kind, What: fmt.Sprintf("given up after %d attempts: %T", job.Attempt, err)})
		}
	}()
	return g.Worker.Work(ctx, job)
}

// panicked logs and reports a panic. The log is the operator's own and has all of it.
func (w *Workers) panicked(ctx context.Context, kind string, id incident.ID, p any) {
	stack := debug.Stack()
	w.Log.ErrorContext(ctx, "panic in a job", slog.String("kind", kind), slog.String("incident", string(id)), slog.Any("panic", p), slog.String("stack", string(stack)))
	t := outbound.Panicked(kind, p, stack)
	t.Incident = id
	w.Report(t)
}

// safely takes one step. A panic is a step that may have been taken: it is tried
// again like one, and what else the incident waits for goes on.
func (r *run) safely(ctx context.Context, kind string, step func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.panicked(ctx, "step "+kind, r.id, p)
			err = &outbound.Failure{End: outbound.Unclear, Step: kind, Code: "panic"}
		}
	}()
	return step()
}
