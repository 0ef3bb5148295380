package playground

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/playground/callfake"
	"github.com/rollcall-bot/rollcall/bot/playground/hookfake"
	"github.com/rollcall-bot/rollcall/bot/playground/page"
	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// Serve keeps the stage open until ctx ends, on the machine's clock: a page in the browser works as the workspace, and
// `rollcall do` reaches the bot too. What the bot writes is shown on the terminal.
func Serve(ctx context.Context, o Options) error {
	life, cancel := context.WithCancel(context.WithoutCancel(ctx)) // the stand-ins outlive the bot's drain
	defer cancel()
	open := &openStage{phones: map[string]string{}, life: life}
	s, err := newStage(life, o, clock.Real(o.Wall), open.dress)
	if err != nil {
		return err
	}
	open.stage = s
	open.awaitRoom(ctx)
	url, err := open.serve(life)
	if err != nil {
		return errors.Join(err, s.bot.Stop())
	}
	s.told.print("%s\n", s.told.paint(bold, "The bot is up, with stand-ins of Slack and PagerDuty in this process. Open"))
	s.told.print(`
  %s

and type /incident open sev1 Checkout is down. For a whole outage without typing: rollcall demo --play

In its channel, /incident rollback checkout offers to have it rolled back by a webhook; the deploy system is a stand-in, too.

From another terminal:

  export ROLLCALL_SOCKET=%s
  rollcall do 'open sev1 Checkout is down'
  rollcall link INC-1 @ana      (Ana's page of it in the browser, as when Slack is down; /incident link does the same)

What the bot writes into the stand-in of Slack appears below. Its health: %s/readyz
Ctrl-C ends it. Published RFOs stay in %s
`, url, s.socket(), s.bot.URL, o.RFODir)
	changes, stop := s.slack.Subscribe()
	defer stop()
	shown := map[string]string{}
	for {
		select {
		case <-ctx.Done():
			return errors.Join(s.bot.Stop(), s.told.err)
		case <-changes:
			s.show(shown)
		case <-time.After(time.Second):
			s.show(shown)
			s.pager.Pump(ctx) // retries that are due
		}
	}
}

// openStage is a stage with a door for people.
type openStage struct {
	*stage
	life      context.Context //nolint:containedctx // of the stand-ins
	services  []page.Service
	everybody []string             // Slack's ids of the members
	phones    map[string]string    // names in the workspace, by PagerDuty's id
	callDown  func() (back func()) // nil without a call provider
	callReady func() bool          // has made a room; nil without one
}

// dress completes the stand-ins: everybody in the announcement channel, a guest in a room of their own, zones, phones,
// and the webhooks of PagerDuty.
func (o *openStage) dress(s *stage) (settings string, env []string) {
	here := zone()
	var all []string
	for _, who := range []slackfake.Actor{s.ana, s.bea, s.carl, s.dana, s.eva, s.max} {
		s.slack.ChangeUser(who.ID(), func(u *slackfake.User) { u.TZ = here })
		all = append(all, who.ID())
	}
	o.stage, o.everybody = s, all
	s.slack.ChangeUser(s.eva.ID(), func(u *slackfake.User) { u.TZ = "America/New_York" })
	_ = s.ana.Invite(context.Background(), s.announce, all...) // nobody is told of it: the bot has no address yet
	guest := s.slack.AddUser(slackfake.User{Name: "gus", RealName: "Gus", Email: "gus@example.com", TZ: here, Guest: true})
	s.names[guest] = "gus"
	s.slack.AddChannel("shop-relaunch", false, s.eva.ID(), s.slack.Identity().BotUserID, s.ana.ID(), guest)
	o.phones[s.danasPhone] = "dana"
	var onCall []string
	for _, name := range []string{"Ana", "Bea", "Carl"} {
		low := strings.ToLower(name)
		id := s.pager.AddUser(pagerfake.User{Name: name, Email: low + "@example.org", TimeZone: "Etc/UTC"})
		o.phones[id], onCall = low, append(onCall, id)
	}
	o.services = []page.Service{{ID: s.checkout, Name: "Checkout"}}
	for n, name := range []string{"Search", "Payments"} {
		id := s.pager.AddService(pagerfake.Service{Name: name, OnCall: onCall[n : n+1]})
		o.services = append(o.services, page.Service{ID: id, Name: name})
	}
	// The address is known when the bot is up.
	var secret string
	s.hook, secret = s.pager.Subscribe(noAddress)
	settings, env = o.rollsBack()
	env = append(env, o.calls()...)
	return settings, append(env,
		"PAGERDUTY_API_TOKEN="+s.pager.Token(), "PAGERDUTY_FROM=ana@example.org", "PAGERDUTY_SERVICE_ID="+s.checkout, "PAGERDUTY_WEBHOOK_SECRET="+secret,
	)
}

// calls puts up a call provider that makes rooms ahead of need, with one that needs none behind it. Nobody dials either.
// Without it calls are where they are in the story.
func (o *openStage) calls() (env []string) {
	const owner = "ana@example.org"
	meet, err := callfake.NewMeet(owner)
	if err != nil {
		return nil
	}
	base, err := meet.Start(o.life)
	if err != nil {
		return nil
	}
	key := filepath.Join(o.Dir, "meet.json")
	if err := os.WriteFile(key, meet.Key(), 0o600); err != nil {
		return nil
	}
	o.callReady = func() bool { return len(meet.Spaces()) > 0 }
	o.callDown = func() func() {
		meet.Inject(callfake.Fault{Kind: callfake.Reset})
		return meet.Heal
	}
	return []string{
		"ROLLCALL_CALL=meet,jitsi:" + callBase, "ROLLCALL_CALL_ROOMS=1", "MEET_CREDENTIALS_FILE=" + key, "MEET_USER=" + owner, "MEET_API_URL=" + base,
	}
}

// roomWithin is how long the page waits for the first room, which is ready within a moment.
const roomWithin = 5 * time.Second

// awaitRoom waits until a room for a call is ready, so that the very first incident has one.
func (o *openStage) awaitRoom(ctx context.Context) {
	if o.callReady == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, roomWithin)
	defer cancel()
	for !o.callReady() {
		select {
		case <-ctx.Done():
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
	_ = o.quiet(ctx) // the room is ready a moment after it was made; without it the call is at the next provider
}

// rollsBack puts up what rolls the services back, which deploys nothing: settings under which everybody of the
// workspace may have it done, and the receiver's secret.
func (o *openStage) rollsBack() (settings string, env []string) {
	secret := strings.Repeat("stand-in", 4) // of a receiver that deploys nothing
	receiver := hookfake.New(secret, o.Wall).Start(o.life)
	settings = "call_block: yes\noutgoing: {allow_hosts: [127.0.0.1]}\nrollback_by: [" + strings.Join(o.everybody, ", ") + "]\nservices:\n"
	for _, name := range []string{"checkout", "cart", "payments", "search"} {
		settings += "  - {name: " + name + ", rollback: {webhook: " + receiver + "}}\n"
	}
	return settings, []string{"ROLLCALL_HOOK_SECRET=" + secret}
}

// zone is the machine's time zone by its IANA name, UTC when it does not tell.
func zone() string {
	if name := cmp.Or(os.Getenv("TZ"), time.Local.String()); name != "Local" {
		if _, err := time.LoadLocation(name); err == nil {
			return name
		}
	}
	if target, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(target, "/zoneinfo/"); ok {
			return name
		}
	}
	return "UTC"
}

// serve opens the page and returns its address.
func (o *openStage) serve(ctx context.Context) (string, error) {
	p, err := page.New(page.Stage{
		Slack: o.slack, Pager: o.pager, Now: o.clock.Now, Move: o.move, Commands: o.Commands, Shortcuts: o.Shortcuts,
		Ahead: func() time.Duration { return o.clock.Now().Sub(o.Wall()) }, Services: o.services, Phones: o.phones,
		Document: o.bot.Document, CallDown: o.callDown,
	})
	if err != nil {
		return "", err
	}
	listeners, url, err := page.Listen(ctx, o.Port)
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	for _, l := range listeners {
		go func() { _ = server.Serve(l) }()
	}
	return url, nil
}

// moveWithin is how long a move of the clock may take; what is left then is skipped at once.
const moveWithin = 20 * time.Second

// move moves the clock a minute at a time, so that what is due in between happens then.
func (o *openStage) move(ctx context.Context, d time.Duration) error {
	soon, cancel := context.WithTimeout(ctx, moveWithin)
	defer cancel()
	for d > 0 {
		step := min(d, time.Minute)
		if soon.Err() != nil {
			step = d
		}
		o.clock.Advance(step)
		// That nothing more happens is only waited for; with Slack away it may take longer than anybody wants to.
		if err := o.quiet(soon); err != nil && ctx.Err() != nil {
			return fmt.Errorf("move the clock: %w", err)
		}
		d -= step
	}
	return nil
}

// show prints what the bot has written or changed since it was looked at last.
func (s *stage) show(before map[string]string) {
	for _, ch := range s.slack.Snapshot().Channels {
		for _, m := range ch.Messages {
			text := s.readable(shown(m))
			if !m.App || before[ch.ID+m.TS] == text {
				continue
			}
			where := "#" + ch.Name
			if ch.Kind == slackfake.Direct {
				where = "direct message"
			}
			if before[ch.ID+m.TS] != "" {
				where += ", edited"
			}
			before[ch.ID+m.TS] = text
			s.told.reads(where, text)
		}
	}
}
