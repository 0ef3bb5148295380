package playground

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// beat is one moment of the story: a minute, and what happens then.
type beat struct {
	minute string
	do     func(context.Context) error
}

// beats plays moments in order.
func (s *stage) beats(ctx context.Context, list ...beat) error {
	for _, b := range list {
		if err := s.at(ctx, b.minute); err != nil {
			return err
		}
		if err := b.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// cmd is a beat in which somebody types a command in the incident's channel.
func (s *stage) cmd(minute string, who slackfake.Actor, line string, wants ...string) beat {
	return beat{minute, func(ctx context.Context) error { return s.types(ctx, who, s.channel, line, wants...) }}
}

// press is a beat in which somebody presses a button in the incident's channel.
func (s *stage) press(minute string, who slackfake.Actor, message, button string, wants ...string) beat {
	return beat{minute, func(ctx context.Context) error { return s.presses(ctx, who, message, button, wants...) }}
}

// leaderAndTasks is who leads and who does what.
func (s *stage) leaderAndTasks(ctx context.Context) error {
	if err := s.cmd("14:10", s.ana, "lead @bea", "@bea is asked to lead").do(ctx); err != nil {
		return err
	}
	for _, who := range []slackfake.Actor{s.carl, s.dana, s.eva} {
		if err := who.Join(ctx, s.channel); err != nil {
			return err
		}
	}
	return s.beats(ctx,
		s.press("14:11", s.bea, "asks you to lead INC-1", "Accept", "You lead INC-1"),
		s.cmd("14:11", s.bea, "task assign T1 @dana", "@dana"),
		s.press("14:11", s.carl, "Roll back every related service", "Take it", "T2"),
		s.press("14:11", s.eva, "talk to customer success", "Take it", "T3"),
		s.cmd("14:12", s.bea, "tasks confirm", "confirmed, 3 open"),
	)
}

// rollBack is the surface board, the rollbacks and the decision between them.
func (s *stage) rollBack(ctx context.Context) error {
	return s.beats(ctx,
		s.cmd("14:12", s.dana, "service checkout bleeding", "checkout is bleeding"),
		s.cmd("14:12", s.dana, "service cart suspect", "cart is suspect"),
		s.cmd("14:13", s.dana, "service payments suspect", "0 of 3"),
		beat{"14:13", s.mistyped},
		s.cmd("14:13", s.dana, "rollback cart", "You are rolling cart back"),
		s.cmd("14:14", s.carl, "rollback checkout failed the old image is gone", "failed"),
		s.cmd("14:15", s.dana, "rollback cart done", "1 of 3"),
		s.cmd("14:15", s.carl, "deadlock Roll payments back too, although that loses today's vouchers?", "@bea is asked"),
		s.press("14:16", s.bea, "loses today's vouchers", "Yes", "Decided"),
		s.cmd("14:16", s.carl, "rollback checkout", "You are rolling checkout back"),
		s.cmd("14:16", s.dana, "rollback payments", "You are rolling payments back"),
		beat{"14:17", func(context.Context) error {
			board, err := s.card(s.channel, "services rolled back or cleared")
			for _, m := range s.slack.Messages(s.channel) { // the board, not the summary that counts too
				if text := s.readable(shown(m)); strings.Contains(text, "checkout rolling-back") {
					board = text
				}
			}
			if err == nil {
				s.told.reads("#"+s.channel+", the board", board)
				err = says("the board", board, "1 of 3 services", "checkout rolling-back", "cart rolled-back", "payments rolling-back")
			}
			return err
		}},
	)
}

// mistyped is a command with a typing error: nothing runs before somebody says so.
func (s *stage) mistyped(ctx context.Context) error {
	err := s.types(ctx, s.carl, s.channel, "rolback checkout", "no command of mine, so nothing was done")
	if err != nil {
		return err
	}
	return s.pressesOwn(ctx, s.carl, "Run", "You are rolling checkout back")
}

// tellOthers is the update to the CEO and the list of customers.
func (s *stage) tellOthers(ctx context.Context) error {
	return s.beats(ctx,
		beat{"14:17", func(ctx context.Context) error {
			return s.types(ctx, s.max, "incidents", "INC-1 follow", "direct messages")
		}},
		s.cmd("14:18", s.bea, "update Payments fail since 14:02. We are rolling checkout, cart and payments back. Next word at 14:35.", "goes out in 20 s"),
		beat{"14:18", s.held},
		s.cmd("14:19", s.eva, "customer Acme", "1 not told yet"),
		s.cmd("14:19", s.eva, "customer Globex", "2 not told yet"),
		s.cmd("14:19", s.eva, "customer Initech", "3 not told yet"),
	)
}

// held checks that an update waits for its 20 seconds, and then goes out once.
func (s *stage) held(ctx context.Context) error {
	if n := len(s.slack.DirectMessages(s.max.ID())); n != 0 {
		return fmt.Errorf("the CEO got %d messages before the update was due", n)
	}
	if err := s.pass(ctx, 20*time.Second); err != nil {
		return err
	}
	direct := func() int { return len(s.slack.DirectMessages(s.max.ID())) }
	if err := s.sees(ctx, "the update", func() bool { return direct() > 0 }); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	got := s.slack.DirectMessages(s.max.ID())
	if len(got) != 1 {
		return fmt.Errorf("the CEO got %d messages, not the update once", len(got))
	}
	text := s.readable(shown(got[0]))
	s.told.reads("Max, the CEO, reads 20 s later", text)
	return says("the update", text, "Payments fail since 14:02")
}

// slackDown is a Slack that takes commands and nothing else for four minutes.
func (s *stage) slackDown(ctx context.Context) error {
	if err := s.at(ctx, "14:20"); err != nil {
		return err
	}
	back := s.slack.Inject(slackfake.Fault{Kind: slackfake.Reset})
	defer back()
	s.machine("Slack", "resets every call of its API; commands still come in")
	if err := s.unsent(ctx,
		s.cmd("14:20", s.carl, "impact about 2-5k users cannot pay, counted from failed attempts", "2"),
		s.cmd("14:21", s.eva, "comms at 14:21 status page: payments are disrupted, we are on it", "customers were told"),
		s.cmd("14:22", s.dana, "rollback payments done", "payments is rolled back"),
		s.cmd("14:23", s.carl, "note the old image of checkout was rebuilt from its tag", "undo"),
	); err != nil {
		return err
	}
	if err := s.at(ctx, "14:24"); err != nil {
		return err
	}
	posted := s.slack.MessageCount(s.channel)
	back()
	s.machine("Slack", "is back")
	if err := s.at(ctx, "14:25"); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	board, err := s.card(s.channel, "2 of 3 services rolled back or cleared")
	if err != nil {
		return err
	}
	s.told.reads("#"+s.channel+" has caught up, in place", board)
	if n := s.slack.MessageCount(s.channel); n != posted {
		return fmt.Errorf("catching up cost %d new messages", n-posted)
	}
	return says("the card", board, "users, cannot pay")
}

// unsent plays moments whose effects cannot reach Slack now.
func (s *stage) unsent(ctx context.Context, list ...beat) error {
	s.away = true
	defer func() { s.away = false }()
	before := len(s.slack.Calls(""))
	if err := s.beats(ctx, list...); err != nil {
		return err
	}
	for _, c := range s.slack.Calls("")[before:] {
		if c.Method != "answer" && c.Done {
			return fmt.Errorf("%s was carried out although Slack was away", c.Method)
		}
	}
	return nil
}

// relief is the end: mitigated, customers told, clean-up, resolved.
func (s *stage) relief(ctx context.Context) error {
	return s.beats(ctx,
		s.cmd("14:26", s.carl, "rollback checkout done", "3 of 3"),
		beat{"14:27", func(context.Context) error {
			s.machine("monitor", "no payment has failed for a minute; the alert is resolved in PagerDuty")
			return s.pager.Resolve(s.danasPhone, s.pager.Incidents()[0].ID)
		}},
		s.cmd("14:28", s.bea, "mitigated checkout runs the version of yesterday, payments go through", "mitigated since"),
		s.cmd("14:30", s.ana, "started 14:02", "14:02"),
		s.cmd("14:31", s.eva, "customer Acme told", "2 not told yet"),
		s.cmd("14:33", s.eva, "customer Globex told", "1 not told yet"),
		s.cmd("14:36", s.dana, "task done T1", "2 are still open"),
		s.cmd("14:37", s.carl, "task done T2", "One is still open"),
		s.cmd("14:50", s.dana, "note vouchers of today were issued again from the log", "undo"),
		s.cmd("15:05", s.bea, "resolve vouchers are restored, deploys of checkout are frozen", "INC-1 is resolved", "Still open", "T3", "Initech"),
		s.cmd("15:07", s.eva, "customer Initech told", "nobody on the list is left"),
		s.cmd("15:07", s.eva, "task done T3", "last one open"),
	)
}
