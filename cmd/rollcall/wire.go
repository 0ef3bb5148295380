package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/bot/calls/mint"
	"github.com/rollcall-bot/rollcall/bot/hooks"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	pagerout "github.com/rollcall-bot/rollcall/bot/pager/out"
	"github.com/rollcall-bot/rollcall/bot/pages"
	"github.com/rollcall-bot/rollcall/bot/report"
	"github.com/rollcall-bot/rollcall/bot/slackin"
	"github.com/rollcall-bot/rollcall/bot/slackio"
	"github.com/rollcall-bot/rollcall/bot/statuspage"
	"github.com/rollcall-bot/rollcall/bot/toggle"
	"github.com/rollcall-bot/rollcall/bot/web"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// server is the running program: its parts, wired.
type server struct {
	p   *program
	cfg Config
	log *slog.Logger
	kept
	wording
	talk   *bot.Service
	socket *slackin.Socket // nil without Socket Mode
	outside
	metrics *web.Metrics
	ready   *web.Readiness
	local   *conversation
	doors   doors
}

// kept is the database, and what this program is among those that share it.
type kept struct {
	store *storage.Store
	me    storage.Replica
}

// outside is what the server calls, and the workers that call it.
type outside struct {
	switches *toggle.Switches // what of it is switched off
	reports  *report.Reporter
	slack    *slackio.Client
	// slackDown is what answers said of it last, while it was down; nil when it never was.
	slackDown atomic.Pointer[incident.Say]
	pager     *pagerout.Client             // nil without PagerDuty
	hooks     *hooks.Runner                // nil when no service has a rollback hook
	page      *statuspage.Client           // nil without a public status page
	work      atomic.Pointer[jobs.Workers] // nil before they start

	minters []minter // the call providers that make rooms
}

// doors are where the server listens.
type doors struct {
	public  net.Listener
	metrics net.Listener // nil when /metrics is public
	local   net.Listener // nil when the socket could not be opened
	pages   *pages.Server
	path    string // of the socket
}

// newServer opens what a server needs. Nothing here waits for a network: a Slack
// that is down or slow must not delay the start.
func newServer(ctx context.Context, p *program, c Config, log *slog.Logger) (*server, error) {
	s := &server{p: p, cfg: c, log: log}
	var err error
	if s.wording, err = newWording(c.Templates); err != nil {
		return nil, err
	}
	chain, err := calls.New(callSettings(c.Practice), p.word)
	if err != nil {
		return nil, err
	}
	stored := p.storageOptions(c, log)
	stored.Panicked = s.panicked("write")
	if s.store, err = storage.Open(ctx, stored); err != nil {
		return nil, err
	}
	// Before the first command, so that nothing is written that an older program beside this one cannot read.
	s.me = storage.Replica{ID: s.store.Process(), Version: version(), StartedAt: p.wall(), Kinds: incident.Kinds()}
	if err := s.store.Meet(ctx, s.me); err != nil {
		log.WarnContext(ctx, "the other programs on this database were not asked what they can read", slog.Any("error", err))
	}
	if err := s.wire(ctx, chain); err != nil {
		return nil, errors.Join(err, s.store.Close(ctx))
	}
	return s, nil
}

// word is an unguessable one: the random bits of a UUID.
func (p *program) word() string { return strings.ReplaceAll(p.newID(), "-", "") }

func (s *server) wire(ctx context.Context, chain calls.Chain) error {
	c, p := s.cfg, s.p
	toSlack := slackio.Options{
		Token: c.Slack.BotToken.Reveal(), APIURL: c.Slack.APIURL, Now: p.clock.Now, Sleep: p.clock.Sleep, Wall: p.clock.Now,
		Rest: p.slackRest, Book: s.book, Log: s.log,
	}
	// What says that the database cannot be written must not have to write to it:
	// rate limits are rows.
	unlimited, err := slackio.New(toSlack)
	if err != nil {
		return err
	}
	toSlack.Limits = jobs.Limits{Store: s.store}
	if s.slack, err = slackio.New(toSlack); err != nil {
		return err
	}
	if s.pager, err = s.newPager(); err != nil {
		return err
	}
	if s.minters, err = p.minters(c, mint.Options{Log: s.log}); err != nil {
		return err
	}
	if s.reports, err = s.newReports(); err != nil {
		return err
	}
	s.hooks = s.newHooks()
	if s.page, err = s.newStatusPage(); err != nil {
		return err
	}
	if s.switches, err = p.switches(ctx, c, s.log); err != nil {
		return err
	}
	s.talk = bot.New(bot.Options{
		Store: s.store, Book: s.book, Calls: chain, CallBlock: c.Practice.CallBlock, Policy: policy(c), Clock: p.clock, NewID: p.newID, Log: s.log,
		Phones: phones(c.Practice), Executives: c.Practice.Stakeholders.Executives, Exports: c.exportTargets(), Tracker: c.Practice.Tracker.GitHub != "", RollbackBy: c.Practice.RollbackBy, Health: s.health, Off: s.switches.Off, Warn: warn(unlimited, s.log), OpenForm: unlimited.OpenForm, UpdateForm: unlimited.UpdateForm,
	})
	s.local = &conversation{door: s.talk, store: s.store, cfg: s.cfg}
	s.metrics = web.NewMetrics(version(), s.moment)
	s.ready = web.NewReadiness(func(ctx context.Context) error {
		if err := s.store.Ping(ctx); err != nil {
			s.log.ErrorContext(ctx, "the database cannot be written", slog.Any("error", err))
			return errors.New(trouble(err))
		}
		return nil
	}, p.wall)
	if c.Slack.AppToken.IsSet() {
		s.socket = slackin.NewSocket(s.slackIn(), slackin.SocketAPI(c.Slack.APIURL, c.Slack.AppToken.Reveal(), p.clock.Now, p.clock.Sleep), p.clock.Sleep)
	}
	if err := s.listen(ctx); err != nil {
		return err
	}
	return s.openPages()
}

// listen opens the doors, so that whoever is told that the server is ready can
// come in.
func (s *server) listen(ctx context.Context) (err error) {
	if s.doors.public, err = listen(ctx, s.cfg.Server.Addr); err != nil {
		return err
	}
	if s.cfg.Server.MetricsAddr != "" {
		if s.doors.metrics, err = listenTCP(ctx, "ROLLCALL_METRICS_ADDR", s.cfg.Server.MetricsAddr); err != nil {
			return errors.Join(err, s.doors.public.Close())
		}
	}
	// Without it only `rollcall do` does not work, which must not keep incidents out.
	if s.doors.path, err = s.p.socketPath(s.cfg); err == nil {
		s.doors.local, err = listenLocal(ctx, s.doors.path)
	}
	if err != nil {
		s.log.WarnContext(ctx, "`rollcall do` will not work", slog.Any("error", err))
	}
	return nil
}

// Addr is the public address that it listens on.
func (s *server) Addr() string { return s.doors.public.Addr().String() }

// slackIn is what both ways in from Slack need.
func (s *server) slackIn() slackin.Options {
	return slackin.Options{
		Secret: s.cfg.Slack.SigningSecret.Reveal(), Door: measured{Door: s.talk, metrics: s.metrics, now: s.p.wall},
		Render: render, Now: s.p.clock.Now, Log: s.log, Robots: s.cfg.robots(),
	}
}

// health says what is wrong with a peer just now; answers repeat it.
func (s *server) health() (incident.Say, bool) {
	b := s.slack.Breaker()
	if !b.Open {
		return incident.Say{}, false
	}
	// While Slack is down each answer says the same: it is put together once.
	if last := s.slackDown.Load(); last != nil && last.Args["since"] == b.Since {
		return *last, true
	}
	down := &incident.Say{ID: "health.slack", Args: incident.Args{"since": b.Since}}
	s.slackDown.Store(down)
	return *down, true
}

// moment is the state of the program for metrics.
func (s *server) moment(ctx context.Context) web.Moment {
	stats := s.store.Stats()
	m := web.Moment{
		Writes: stats.Writes, Commits: stats.Commits, Replays: stats.Replays, Redecided: stats.Redecide, Waiting: stats.Waiting,
		BreakersOpen: map[string]bool{"slack": s.slack.Breaker().Open}, FeaturesOn: map[string]bool{},
	}
	if s.pager != nil {
		m.BreakersOpen["pagerduty"] = s.pager.Open()
	}
	if s.page != nil {
		m.BreakersOpen["statuspage"] = s.page.Open()
	}
	for _, one := range s.minters {
		m.BreakersOpen[one.Name()] = one.Open()
	}
	for _, f := range toggle.Features {
		m.FeaturesOn[string(f)] = s.switches.On(ctx, f)
	}
	if s.socket != nil {
		m.Sockets = s.socket.Connected()
	}
	// Before the backlog, which then holds what that look found.
	if w := s.work.Load(); w != nil && w.Looked() != nil {
		age := s.p.clock.Now().Sub(*w.Looked())
		m.LookAge = &age
	}
	var b storage.Backlog
	ready, lost := map[string]int64{}, map[string]int64{}
	err := s.store.Read(ctx, func(r *storage.Reader) (err error) {
		if b, err = r.Backlog(); err != nil {
			return err
		}
		for _, one := range s.minters {
			counts, err := stock(r, one.Name())
			if err != nil {
				return err
			}
			ready[one.Name()], lost[one.Name()] = counts[storage.RoomReady], counts[storage.RoomLost]
		}
		return nil
	})
	if err != nil {
		s.log.WarnContext(ctx, "the backlog cannot be counted", slog.Any("error", err))
		return m
	}
	m.Backlog = s.backlog(b)
	m.Backlog.Rooms, m.Backlog.Lost = ready, lost
	return m
}

func (s *server) backlog(b storage.Backlog) *web.Backlog {
	now := s.p.clock.Now()
	out := &web.Backlog{Effects: map[string]int64{}, Cards: b.Cards, Jobs: b.Jobs}
	for state, n := range b.Effects {
		out.Effects[string(state)] = n
	}
	if !b.Oldest.IsZero() {
		out.Oldest = now.Sub(b.Oldest)
	}
	if !b.NextDue.IsZero() {
		out.DueLag = max(0, now.Sub(b.NextDue))
	}
	return out
}

// webOptions are what every HTTP server of the program is made with.
func (s *server) webOptions() web.Options {
	return web.Options{
		Ready: s.ready, Metrics: s.metrics, MetricsElsewhere: s.cfg.Server.MetricsAddr != "", Log: s.log, Now: s.p.wall,
		Report: func(_ context.Context, p any, stack []byte) { s.panicked("request")(p, stack) },
		Told:   func(route string) bool { return strings.HasPrefix(route, "/slack/") },
	}
}
