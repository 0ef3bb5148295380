package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"

	"github.com/thejerf/suture/v4"
)

func TestAPanicCostsOnePart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var runs, restarts atomic.Int64
	again, calm := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- supervise(ctx, "test", slog.New(slog.DiscardHandler), func(name string) {
			if name == "wild" {
				restarts.Add(1)
			}
		},
			part{name: "wild", run: func(ctx context.Context) error {
				if runs.Add(1) == 1 {
					panic("no luck")
				}
				close(again)
				<-ctx.Done()
				return nil
			}},
			part{name: "calm", run: func(ctx context.Context) error {
				<-ctx.Done()
				close(calm)
				return nil
			}})
	}()
	<-again
	select {
	case <-calm:
		t.Error("the other part ended")
	default:
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	<-calm
	if runs.Load() != 2 || restarts.Load() != 1 {
		t.Errorf("%d runs, %d restarts", runs.Load(), restarts.Load())
	}
}

func TestABrokenListenerEndsTheGroup(t *testing.T) {
	err := supervise(t.Context(), "test", slog.New(slog.DiscardHandler), func(string) {},
		part{name: "listener", run: func(context.Context) error { return suture.ErrTerminateSupervisorTree }},
		part{name: "other", run: func(ctx context.Context) error { <-ctx.Done(); return nil }})
	if err == nil {
		t.Fatal("the group goes on without its listener")
	}
}

func TestARefusedPartRestsBeforeItTriesAgain(t *testing.T) {
	refused := errors.New("refused")
	ctx, cancel := context.WithCancel(t.Context())
	p := resting(part{name: "x", run: func(context.Context) error { cancel(); return refused }}, refusedRest)
	if err := p.run(ctx); !errors.Is(err, refused) { // the end of the program does not wait for the rest
		t.Fatalf("got %v", err)
	}
}
