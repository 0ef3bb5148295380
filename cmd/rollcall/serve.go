package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

type serveCmd struct{}

// closeTimeout bounds the end of the database: the writes that were still queued.
const closeTimeout = 5 * time.Second

// Run serves until ctx ends. Without Slack it refuses: Rollcall would take an
// incident in and tell nobody of it, which looks like success. Everything that
// works without Slack works with a Slack that is down, too.
func (serveCmd) Run(ctx context.Context, p *program) error {
	c, err := p.config()
	if err != nil {
		return err
	}
	if err := c.ReadyToServe(); err != nil {
		return err
	}
	log, end := p.log(slog.LevelInfo)
	defer end()
	s, err := newServer(ctx, p, c, log)
	if err != nil {
		return err
	}
	return s.run(ctx)
}

// run serves until ctx ends, then drains in this order: jobs, requests under way,
// database. Jobs wait for peers, up to 12 s when one hangs; nobody who types waits
// with them, as requests are answered until the jobs have ended. What was answered
// is on disk before, so a drain that takes too long loses nothing; it only leaves
// steps to the next start.
func (s *server) run(ctx context.Context) error {
	under := context.WithoutCancel(ctx)
	edges, stopEdges := context.WithCancel(under)
	defer stopEdges()
	back, stopBack := context.WithCancel(under)
	defer stopBack()

	notify(s.log, daemon.SdNotifyReady) // it listens; the watchdog speaks after this
	edgesEnded, backEnded := make(chan error, 1), make(chan error, 1)
	go func() { edgesEnded <- supervise(edges, "edges", s.log, s.restarted, s.edges()...) }()
	go func() { backEnded <- supervise(back, "workers", s.log, s.restarted, s.workers()...) }()
	s.log.InfoContext(ctx, "ready", slog.String("addr", s.Addr()), slog.String("version", version()),
		slog.Bool("http", s.cfg.Slack.SigningSecret.IsSet()), slog.Bool("socket_mode", s.cfg.Slack.AppToken.IsSet()))
	if s.p.started != nil {
		s.p.started(s)
	}

	var err error
	select {
	case <-ctx.Done():
	case err = <-edgesEnded:
		edgesEnded <- nil
	case err = <-backEnded:
		backEnded <- nil
	}
	s.log.InfoContext(ctx, "draining")
	notify(s.log, daemon.SdNotifyStopping)
	stopBack()
	err = errors.Join(err, <-backEnded)
	stopEdges()
	err = errors.Join(err, <-edgesEnded)
	closing, cancel := context.WithTimeout(under, closeTimeout)
	defer cancel()
	if err := s.store.Part(closing, s.me.ID); err != nil {
		s.log.WarnContext(ctx, "the other programs on this database were not told of the end", slog.Any("error", err))
	}
	if err = errors.Join(err, s.store.Close(closing)); err != nil {
		return fmt.Errorf("the server did not end well; what was answered is on disk: %w", err)
	}
	s.log.InfoContext(ctx, "ended")
	return nil
}

// notify tells systemd, where it listens.
func notify(log *slog.Logger, state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		log.Warn("systemd could not be told", slog.String("state", state), slog.Any("error", err))
	}
}
