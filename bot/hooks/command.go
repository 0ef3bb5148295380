package hooks

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/rest"
	"github.com/rollcall-bot/rollcall/incident"
)

const (
	// beat is how often a program's owner says that it lives, and lost after how
	// long of silence it is taken for dead; both by the machine's clock.
	beat = 10 * time.Second
	lost = 45 * time.Second
	// grace is how long a program that is to end may take to.
	grace = 5 * time.Second
	// recordTries is how often it is tried to note how a program ended.
	recordTries = 6
)

// path is where programs find others, whatever Rollcall's own environment says.
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

var (
	errTooLong = errors.New("it took too long")
	errStopped = errors.New("it was ended because Rollcall was stopped; look what it has done")
)

// Programs keeps what is known of programs, for every process that shares the
// database. Times are the machine's.
type Programs interface {
	// Begin notes that one is about to be run; mine is false when it was before.
	Begin(ctx context.Context, h outbound.Hook, owner string, at time.Time) (mine bool, err error)
	Beat(ctx context.Context, h outbound.Hook, at time.Time) error
	End(ctx context.Context, h outbound.Hook, p outbound.Program) error
	Look(ctx context.Context, h outbound.Hook) (p outbound.Program, ok bool, err error)
}

// run names a run.
type run struct {
	incident incident.ID
	number   int
}

// programs are those that run here, with what ends them.
type programs struct {
	mu      sync.Mutex
	running map[run]context.CancelCauseFunc
	all     sync.WaitGroup
	closed  bool
}

// command runs a program, or looks how far it has got.
//
// Class: ambiguous. That it begins is noted before it does; a program whose owner
// is gone may have done anything, and is not repeated.
func (r *Runner) command(ctx context.Context, hook Hook, h outbound.Hook) (outbound.Hooked, error) {
	const step = "run a rollback command"
	here := r.programs.has(h) // before the look: what ends in between is noted by then
	p, begun, err := r.Programs.Look(ctx, h)
	if err != nil {
		return outbound.Hooked{}, &outbound.Failure{End: outbound.NotDone, Step: step, Code: "database", Err: err}
	}
	switch {
	case !begun && !here:
		if err := r.begin(ctx, hook, h); err != nil {
			return outbound.Hooked{}, &outbound.Failure{End: outbound.NotDone, Step: step, Code: "database", Err: err}
		}
		return outbound.Hooked{Wait: time.Second / 2}, nil
	case !begun:
	case !p.Ended.IsZero() && p.Well:
		return outbound.Hooked{End: incident.HookDone}, nil
	case !p.Ended.IsZero():
		return outbound.Hooked{End: incident.HookFailed, Reason: p.Reason}, nil
	case p.Owner == r.Owner && !here, r.Wall().Sub(p.Beat) > lost:
		return outbound.Hooked{End: incident.HookUnclear, Reason: "Rollcall ended while it ran"}, nil
	}
	return outbound.Hooked{Wait: time.Second}, nil
}

func (p *programs) has(h outbound.Hook) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.running[run{h.Incident, h.Number}] != nil
}

// enter makes room for a program, unless there is to be none any more.
func (p *programs) enter(h outbound.Hook, end context.CancelCauseFunc) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := run{h.Incident, h.Number}
	if p.closed || p.running[id] != nil {
		return false
	}
	p.running[id] = end
	p.all.Add(1)
	return true
}

func (p *programs) leave(h outbound.Hook) {
	p.mu.Lock()
	delete(p.running, run{h.Incident, h.Number})
	p.mu.Unlock()
	p.all.Done()
}

// begin notes that the program begins, and begins it. Its end is noted, whatever
// that is.
func (r *Runner) begin(ctx context.Context, hook Hook, h outbound.Hook) error {
	life, end := context.WithCancelCause(context.WithoutCancel(ctx))
	if !r.programs.enter(h, end) {
		end(nil)
		return nil
	}
	mine, err := r.Programs.Begin(ctx, h, r.Owner, r.Wall())
	if err != nil || !mine {
		end(nil)
		r.programs.leave(h)
		return err
	}
	go func() {
		defer r.programs.leave(h)
		defer end(nil)
		limited, stop := context.WithTimeoutCause(life, hook.Timeout, errTooLong)
		defer stop()
		beating, quiet := context.WithCancel(life)
		go r.alive(beating, h)
		p := r.execute(limited, hook, h)
		quiet()
		r.record(context.WithoutCancel(life), h, p)
	}()
	return nil
}

// execute runs the program to its end.
func (r *Runner) execute(ctx context.Context, hook Hook, h outbound.Hook) outbound.Program {
	args := make([]string, 0, len(hook.Command))
	for _, a := range hook.Command[1:] {
		args = append(args, fill(a, h))
	}
	var printed tail
	cmd := exec.CommandContext(ctx, hook.Command[0], args...) //nolint:gosec // the operator's own, by its absolute path, without a shell
	cmd.Env = append([]string{"PATH=" + path, "HOME=/", "LANG=C.UTF-8", "ROLLCALL_SERVICE=" + h.Service, "ROLLCALL_KEY=" + h.Key}, hook.Env...)
	cmd.Dir = "/"
	cmd.Stdout, cmd.Stderr = &printed, &printed
	cmd.WaitDelay = grace
	apart(cmd)
	err := ctx.Err()
	if err == nil {
		err = cmd.Run()
	}
	p := outbound.Program{Ended: r.Wall(), Well: err == nil, Output: printed.String()}
	var status *exec.ExitError
	switch cause := context.Cause(ctx); {
	case err == nil:
	case errors.Is(cause, errTooLong):
		p.Reason = fmt.Sprintf("it was ended after %s", hook.Timeout)
	case errors.Is(cause, errStopped):
		p.Reason = errStopped.Error()
	case errors.As(err, &status):
		p.Reason = status.String() // "exit status 1", "signal: killed"
	default:
		p.Reason = "it could not be started: " + rest.FirstLine(err.Error())
	}
	return p
}

// alive notes now and then that this process still has the program.
func (r *Runner) alive(ctx context.Context, h outbound.Hook) {
	for r.Sleep(ctx, beat) == nil {
		_ = r.Programs.Beat(ctx, h, r.Wall()) // the next one counts as well
	}
}

// record notes how a program ended. Should the database not take it, the run is
// found without an owner, and people are asked.
func (r *Runner) record(ctx context.Context, h outbound.Hook, p outbound.Program) {
	wait := time.Second / 4
	for range recordTries {
		if r.Programs.End(ctx, h, p) == nil {
			return
		}
		if r.Sleep(ctx, wait) != nil {
			return
		}
		wait *= 2
	}
}

// Close ends the programs that still run and waits until that is noted, or ctx
// ends. Whatever is started afterwards ends at once.
func (r *Runner) Close(ctx context.Context) {
	r.programs.mu.Lock()
	r.programs.closed = true
	for _, end := range r.programs.running {
		end(errStopped)
	}
	r.programs.mu.Unlock()
	done := make(chan struct{})
	go func() {
		r.programs.all.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
}
