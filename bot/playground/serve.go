package playground

import (
	"context"
	"errors"
	"time"

	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// Serve keeps the stage open until ctx ends, on the machine's clock, and shows what the bot writes. Commands come in by
// `rollcall do`, over the bot's local socket.
func Serve(ctx context.Context, o Options) error {
	life, cancel := context.WithCancel(context.WithoutCancel(ctx)) // the stand-ins outlive the bot's drain
	defer cancel()
	s, err := newStage(life, o, clock.Real(o.Wall))
	if err != nil {
		return err
	}
	s.told.print("%s\n", s.told.paint(bold, "The bot is up, with stand-ins of Slack and PagerDuty in this process."))
	s.told.print(`
  rollcall demo --play    plays a whole outage and needs no typing

Here it waits for commands. In another terminal:

  export ROLLCALL_SOCKET=%s
  rollcall do 'open sev1 Checkout is down'
  rollcall do 'task find the surface'      rollcall do 'help'

What the bot writes into the stand-in of Slack appears below. Its health: %s/readyz
Ctrl-C ends it. Published RFOs stay in %s
`, s.socket(), s.bot.URL, o.RFODir)
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
		}
	}
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
