package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/slackin"
	"github.com/rollcall-bot/rollcall/bot/slackio"
	"github.com/rollcall-bot/rollcall/bot/web"
)

// measured is a door that counts its answers.
type measured struct {
	slackin.Door
	metrics *web.Metrics
	now     func() time.Time // the machine's clock: Rollcall's may jump
}

// Handle answers and counts.
func (m measured) Handle(ctx context.Context, req bot.Request) bot.Answer {
	began := m.now()
	a := m.Door.Handle(ctx, req)
	m.metrics.Answered(req.Surface, string(a.Kind), m.now().Sub(began))
	return a
}

// render lays an answer out as Slack shows it to whoever asked, and adds that to what
// is in to.
func render(to []byte, a bot.Answer) ([]byte, error) {
	r := outbound.Reply{Text: a.Text}
	for _, b := range a.Buttons {
		r.Buttons = append(r.Buttons, outbound.Button{Label: b.Label, Offer: b.Offer, URL: b.URL, Sure: b.Sure})
	}
	return slackio.Render(to, r)
}

// warn brings an answer that says that nothing was saved to whoever would see
// nothing of it in the response.
func warn(slack *slackio.Client, log *slog.Logger) func(context.Context, bot.ReplyTo, bot.Answer) {
	return func(ctx context.Context, to bot.ReplyTo, a bot.Answer) {
		err := slack.Reply(ctx, outbound.Reply{
			URL: to.URL, Replace: to.Replace, Text: a.Text,
			To: outbound.Place{Channel: to.Channel, Thread: to.Thread, User: to.User},
		})
		if err != nil {
			log.ErrorContext(ctx, "nobody could be told that nothing was saved", slog.Any("error", err))
		}
	}
}
