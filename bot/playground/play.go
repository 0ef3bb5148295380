package playground

import (
	"context"
	"errors"
	"fmt"

	"github.com/rollcall-bot/rollcall/bot/clock"
)

// act is one part of the story.
type act struct {
	title string
	play  func(*stage, context.Context) error
}

// acts are the story in order.
var acts = []act{
	{"An error, and nobody knows", (*stage).outbreak},
	{"Call first", (*stage).call},
	{"A leader, and tasks side by side", (*stage).leaderAndTasks},
	{"Roll back first, understand later", (*stage).rollBack},
	{"Tell those who wait", (*stage).tellOthers},
	{"Slack's API is down for four minutes", (*stage).slackDown},
	{"Users are well again", (*stage).relief},
	{"Learn: six answers, three actions, one document", (*stage).review},
	{"The next one: an alarm opens it, and PagerDuty fails once", (*stage).alarmOpens},
}

// Play tells the story of one outage and checks each of its steps. The error names the first one that was not as the
// story says.
func Play(ctx context.Context, o Options) (Outcome, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	began := o.Wall()
	s, err := newStage(ctx, o, clock.Frozen(curtain), (*stage).dressStory)
	if err != nil {
		return Outcome{}, err
	}
	s.told.print("%s\n%s\n", s.told.paint(bold, "Rollcall plays one outage, from the first error to the RFO, on a clock that skips the waiting."),
		"The bot is the real one, over HTTP. Slack and PagerDuty are stand-ins in this process; nothing\nleaves this machine.")
	err = s.ready(ctx)
	for _, a := range acts {
		if err != nil {
			break
		}
		s.told.heading(a.title)
		if err = a.play(s, ctx); err != nil {
			err = fmt.Errorf("%s, in %q: %w", s.minute(), a.title, err)
		}
	}
	out := Outcome{Slack: s.slack, Pager: s.pager, Announcements: s.announce}
	if err == nil {
		out, err = s.finish(out)
	}
	if stop := s.bot.Stop(); stop != nil {
		err = errors.Join(err, fmt.Errorf("the bot did not end well: %w", stop))
	}
	if err == nil {
		out.Tally = s.tally(o.Wall().Sub(began))
		s.told.tally(out)
		err = out.Tally.honest()
	}
	return out, errors.Join(err, s.told.err)
}

// ready waits until the bot knows who is in the workspace, which it reads at its start.
func (s *stage) ready(ctx context.Context) error {
	err := s.sees(ctx, "the list of people to be read", func() bool { return s.slack.Done("users.list") > 0 })
	if err != nil {
		return err
	}
	return s.settle(ctx)
}
