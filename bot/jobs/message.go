package jobs

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// messageWorker looks at a message that somebody reacted to, or that changed: the
// event says which one it is, and its text is fetched here, as it reads now.
type messageWorker struct {
	river.WorkerDefaults[bot.SightArgs]
	w *Workers
}

func (m *messageWorker) Work(ctx context.Context, job *river.Job[bot.SightArgs]) error {
	a := job.Args
	message, there, err := m.w.Slack.Message(ctx, a.Channel, a.TS)
	f := outbound.FailureOf(err)
	m.w.counts.note(f)
	switch {
	case f == nil:
	case f.End == outbound.Refused:
		m.w.Log.WarnContext(ctx, "a message could not be looked at", slog.Any("error", f), slog.String("fix", f.Fix))
		return nil
	default:
		return snooze(max(f.Wait, backoff(a.Channel+a.TS, tries(job))))
	}
	message.Channel, message.TS = a.Channel, a.TS
	if err := m.w.Talk.Saw(ctx, bot.Sighting{SightArgs: a, Message: message, Gone: !there}); err != nil {
		m.w.Log.WarnContext(ctx, "a message could not be stored and is tried again", slog.Any("error", err))
		return snooze(backoff(a.Channel+a.TS, tries(job)))
	}
	return nil
}
