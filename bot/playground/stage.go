package playground

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// curtain is when the stage opens: the minute before the first error, on a Tuesday.
var curtain = time.Date(2026, time.March, 10, 14, 0, 0, 0, time.UTC)

// callBase is where the calls of the stage are; nobody dials it.
const callBase = "https://meet.example.org"

// stage is everything that a play happens on.
type stage struct {
	Options
	clock *clock.Movable
	slack *slackfake.Workspace
	pager *pagerfake.Account
	bot   Bot
	http  *http.Client
	told  *teller
	cast

	channel  string    // the incident's, by name, once there is one
	scene    time.Time // the moment that is played
	away     bool      // Slack is: what is to be sent stays unsent
	checkout string    // PagerDuty's id of the service
}

// cast are the people of the stage, by Slack's ids.
type cast struct {
	ana, bea, carl, dana, eva, max slackfake.Actor
	names                          map[string]string // by id
	announce                       string            // the announcement channel's id
	danasPhone                     string            // PagerDuty's id of Dana
	carlsPhone                     string
	search                         string // PagerDuty's id of the service
	hook                           string // PagerDuty's id of its subscription
}

// newStage puts the stand-ins up and starts the bot. dress completes the stand-ins before that and returns more
// settings for the bot, of its file and of the environment.
func newStage(ctx context.Context, o Options, c *clock.Movable, dress func(*stage) (string, []string)) (*stage, error) {
	s := &stage{
		Options: o, clock: c, http: &http.Client{Timeout: 5 * time.Second}, told: newTeller(o.Out, o.Color),
		slack: slackfake.New(slackfake.Options{Now: c.Now, Team: "Demo", StrictRates: true, Events: o.Events}),
		pager: pagerfake.New(pagerfake.Options{Now: c.Now, StrictRates: true}),
	}
	s.people()
	api, err := s.slack.Start(ctx)
	if err != nil {
		return nil, err
	}
	pager, err := s.pager.Start(ctx)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.RFODir, 0o755); err != nil { //nolint:gosec // documents for people
		return nil, fmt.Errorf("make the folder of the RFO: %w", err)
	}
	more, dressed := dress(s)
	// A settings file of its own keeps one that lies in the present folder out of the story.
	settings := filepath.Join(o.Dir, "rollcall.yaml")
	if err := os.WriteFile(settings, []byte("timezone: UTC\n"+more), 0o600); err != nil {
		return nil, fmt.Errorf("write the settings of the demo: %w", err)
	}
	env := []string{
		"ROLLCALL_CONFIG=" + settings, "ROLLCALL_SOCKET=" + s.socket(), "ROLLCALL_ADDR=127.0.0.1:0", "DATABASE_URL=sqlite:" + filepath.Join(o.Dir, "rollcall.db"),
		"ROLLCALL_RFO_DIR=" + o.RFODir, "ROLLCALL_INCIDENTS_CHANNEL=incidents", "ROLLCALL_CALL=jitsi:" + callBase,
		"SLACK_BOT_TOKEN=" + s.slack.BotToken(), "SLACK_SIGNING_SECRET=" + s.slack.SigningSecret(), "SLACK_API_URL=" + api,
		"PAGERDUTY_API_URL=" + pager, "PAGERDUTY_EVENTS_URL=" + pager,
	}
	if s.bot, err = o.Start(ctx, append(env, dressed...), c); err != nil {
		return nil, fmt.Errorf("start the bot: %w", err)
	}
	s.slack.SetBotURL(s.bot.URL)
	s.pager.Redirect(s.hook, s.bot.URL+"/pagerduty/webhooks")
	return s, nil
}

// socket is where `rollcall do` reaches the bot.
func (s *stage) socket() string { return filepath.Join(s.Dir, "rollcall.sock") }

// people fills the workspace and the PagerDuty account.
func (s *stage) people() {
	s.names = map[string]string{s.slack.Identity().BotUserID: "Rollcall"}
	add := func(name, real string) slackfake.Actor {
		id := s.slack.AddUser(slackfake.User{Name: name, RealName: real, Email: name + "@example.org"})
		s.names[id] = name
		return s.slack.Actor(id)
	}
	s.ana, s.bea, s.carl = add("ana", "Ana"), add("bea", "Bea"), add("carl", "Carl")
	s.dana, s.eva, s.max = add("dana", "Dana"), add("eva", "Eva"), add("max", "Max")
	s.announce = s.slack.AddChannel("incidents", false, s.slack.Identity().BotUserID, s.ana.ID(), s.bea.ID(), s.max.ID())
	s.danasPhone = s.pager.AddUser(pagerfake.User{Name: "Dana", Email: "dana@example.org", TimeZone: "Etc/UTC"})
	s.checkout = s.pager.AddService(pagerfake.Service{Name: "Checkout", OnCall: []string{s.danasPhone}})
}

// slot is how far apart the moments of one minute are: time enough for the bot to bring each of them to Slack.
const slot = 15 * time.Second

// at moves the clock to the next moment of a minute of the story, a minute at a time, so that what is due in between
// happens then. It fails when the bot needed more time than the story has.
func (s *stage) at(ctx context.Context, hhmm string) error {
	t, err := time.Parse("15:04", hhmm)
	if err != nil {
		return fmt.Errorf("the story's time %q: %w", hhmm, err)
	}
	y, m, d := curtain.Date()
	target := time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, time.UTC)
	if s.scene.Truncate(time.Minute).Equal(target) {
		target = s.scene.Add(slot)
	}
	s.scene = target
	for {
		left := target.Sub(s.clock.Now())
		switch {
		case left < 0:
			return fmt.Errorf("it is %s before the story reaches %s: the bot took longer than a person would wait",
				s.clock.Now().Format(time.TimeOnly), target.Format(time.TimeOnly))
		case left == 0:
			return nil
		}
		s.clock.Advance(min(left, time.Minute))
		if err := s.quiet(ctx); err != nil {
			return err
		}
	}
}
