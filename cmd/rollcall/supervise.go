package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/thejerf/suture/v4"
)

const (
	// failureBackoff is how long a part of the program rests that fails again and
	// again; one that fails now and then is started again at once.
	failureBackoff = 5 * time.Second
	// stopTimeout bounds the end of a group of parts: above the drain of requests
	// (10 s) and of jobs.
	stopTimeout = 15 * time.Second
)

// part is a part of the program that runs until its context ends.
type part struct {
	name string
	run  func(context.Context) error
}

// Serve is what the supervisor calls.
func (p part) Serve(ctx context.Context) error { return p.run(ctx) }

// String names it in the log.
func (p part) String() string { return p.name }

// supervise runs parts, each started again when it ends or panics, until ctx
// ends and all of them have ended.
func supervise(ctx context.Context, name string, log *slog.Logger, restarted func(string), parts ...part) error {
	s := suture.New(name, suture.Spec{
		FailureBackoff: failureBackoff, Timeout: stopTimeout, DontPropagateTermination: true,
		EventHook: func(e suture.Event) { tell(log, restarted, e) },
	})
	for _, p := range parts {
		s.Add(p)
	}
	if err := s.Serve(ctx); ctx.Err() == nil {
		return fmt.Errorf("%s ended: %w", name, err)
	}
	left, err := s.UnstoppedServiceReport()
	if err != nil || len(left) > 0 {
		return fmt.Errorf("%s: %d parts did not end in time", name, len(left))
	}
	return nil
}

// tell logs what became of a part.
func tell(log *slog.Logger, restarted func(string), e suture.Event) {
	switch e := e.(type) {
	case suture.EventServicePanic:
		restarted(e.ServiceName)
		log.Error("a part of the program panicked", slog.String("part", e.ServiceName), slog.String("panic", e.PanicMsg), slog.String("stack", e.Stacktrace))
	case suture.EventServiceTerminate:
		restarted(e.ServiceName)
		log.Error("a part of the program ended", slog.String("part", e.ServiceName), slog.Any("error", e.Err), slog.Bool("again", e.Restarting))
	case suture.EventBackoff:
		log.Warn("a part of the program keeps failing; it rests", slog.Duration("rest", failureBackoff))
	case suture.EventStopTimeout:
		log.Error("a part of the program did not end in time", slog.String("part", e.ServiceName))
	}
}

// resting makes a part that failed rest on the machine's clock before it is
// started again, such as one that a peer refuses.
func resting(p part, rest time.Duration) part {
	return part{name: p.name, run: func(ctx context.Context) error {
		err := p.run(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		timer := time.NewTimer(rest)
		defer timer.Stop()
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		return err
	}}
}

// every calls do at once after a first wait and then again and again; a failure
// is logged and tried again next time.
func every(name string, first, interval time.Duration, log *slog.Logger, do func(context.Context) error) part {
	return part{name: name, run: func(ctx context.Context) error {
		timer := time.NewTimer(first)
		defer timer.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-timer.C:
			}
			if err := do(ctx); err != nil && ctx.Err() == nil {
				log.WarnContext(ctx, "a regular task failed; it is tried again", slog.String("part", name), slog.Any("error", err))
			}
			timer.Reset(interval)
		}
	}}
}
