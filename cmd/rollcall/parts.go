package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/thejerf/suture/v4"

	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/slackin"
	"github.com/rollcall-bot/rollcall/bot/web"
)

const (
	// partSocket is the part that keeps Socket Mode's connections.
	partSocket = "socket mode"
	// refusedRest is how long Socket Mode rests when Slack refuses the app's token:
	// Slack allows about one new connection a minute.
	refusedRest = time.Minute
	// jobsTimeout bounds the wait for the steps under way at the end; a call to
	// Slack takes at most 10 s.
	jobsTimeout = 12 * time.Second
	// heartbeat is how often a replica shows that it lives.
	heartbeat = 30 * time.Second
	// spread keeps replicas that were started together apart in what they do
	// regularly. It delays nothing that anybody waits for.
	spread = 10 * time.Second
)

// public is all that is served where everybody can come.
func (s *server) public() *web.Server {
	public := web.New(s.webOptions())
	if s.cfg.Slack.SigningSecret.IsSet() {
		slackin.New(s.slackIn()).Register(public.Mux())
	}
	if len(s.cfg.PagerDuty.WebhookSecrets) > 0 || s.cfg.PagerDuty.rest() { // then doctor may have made a subscription
		s.webhooks().Register(public.Mux())
	}
	s.monitors().Register(public.Mux())
	s.api().Register(public.Mux())
	s.doors.pages.Register(public.Mux())
	return public
}

// edges are the ways in.
func (s *server) edges() []part {
	parts := append(s.watchdog(), s.serving("http", s.public(), s.doors.public))
	if s.doors.metrics != nil {
		parts = append(parts, s.serving("metrics", web.NewMetricsServer(s.webOptions()), s.doors.metrics))
	}
	if s.doors.local != nil {
		parts = append(parts, s.terminalDoor())
	}
	if s.socket != nil {
		parts = append(parts, resting(part{name: partSocket, run: s.socket.Run}, refusedRest))
	}
	return parts
}

// watchdog shows systemd that the program can keep what it is told, until the last
// request is answered: systemd restarts a program that stays silent. It is empty
// where nobody watches.
func (s *server) watchdog() []part {
	interval, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		s.log.Warn("the watchdog of systemd is left alone", slog.Any("error", err))
	}
	if interval <= 0 {
		return nil
	}
	return []part{every("watchdog", 0, interval/2, s.log, func(ctx context.Context) error {
		if err := s.ready.Check(ctx); err != nil {
			return err
		}
		notify(s.log, daemon.SdNotifyWatchdog)
		return nil
	})}
}

// serving answers on a listener. Should the listener break there is no point in
// going on: whoever runs the program starts it again.
func (s *server) serving(name string, w *web.Server, l net.Listener) part {
	return part{name: name, run: func(ctx context.Context) error {
		err := w.Serve(ctx, l)
		if ctx.Err() == nil {
			s.log.ErrorContext(ctx, "a listener broke; the program ends", slog.String("part", name), slog.Any("error", err))
			return suture.ErrTerminateSupervisorTree
		}
		return err
	}}
}

// terminalDoor answers `rollcall do`.
func (s *server) terminalDoor() part {
	first := s.doors.local
	return part{name: "terminal", run: func(ctx context.Context) (err error) {
		l := first
		if first = nil; l == nil {
			if l, err = listenLocal(ctx, s.doors.path); err != nil {
				return err
			}
		}
		w := web.Bare(s.webOptions())
		s.local.mount(w.Mux())
		w.Mux().HandleFunc("GET /state", s.tellState)
		return w.Serve(ctx, l)
	}}
}

// workers are what happens without anybody asking.
func (s *server) workers() []part {
	parts := []part{
		{name: "jobs", run: s.jobs},
		s.checking(),
		every("heartbeat", rand.N(spread), heartbeat, s.log, func(ctx context.Context) error { //nolint:gosec // not a secret
			return s.store.Meet(ctx, s.me)
		}),
	}
	return append(parts, part{name: partReports, run: s.reports.Run})
}

// jobs carries outbound work out until ctx ends.
func (s *server) jobs(ctx context.Context) error {
	o := jobs.Options{
		Store: s.store, Clock: s.p.clock, Slack: s.slack, Decider: s.talk, Talk: s.talk, Publish: s.publish, Exports: s.exports(),
		Announce: s.cfg.Slack.IncidentsChannel, BaseURL: s.cfg.Server.PublicURL, NewID: s.p.newID, Log: s.log,
		On: s.switches.On, Report: s.reports.Report,
		Standing: jobs.Standing{Channel: s.cfg.Practice.OpsChannel, Off: s.cfg.Practice.OpsChannel == "" && s.cfg.Sentry.DSN.IsSet()},
	}
	if s.cfg.Practice.WeeklyDigest {
		o.Digest = jobs.Digest{Zone: s.cfg.Practice.Timezone, Text: s.talk.Digest}
	}
	s.paging(&o)
	if s.hooks != nil {
		o.Hooks = s.hooks
	}
	if s.page != nil {
		o.Page = s.page
	}
	if s.p.spoil != nil {
		s.p.spoil(&o)
	}
	w := jobs.New(o)
	s.rooms(w)
	s.work.Store(w)
	stop, err := w.Start(ctx)
	if err != nil {
		return err
	}
	<-ctx.Done()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), jobsTimeout)
	defer cancel()
	if s.hooks != nil {
		s.hooks.Close(end) // while the workers can still say how that ended
	}
	return stop(end)
}
