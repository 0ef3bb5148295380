package jobs

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot"
)

// leftWorker finds another person for the actions of somebody who was deactivated.
type leftWorker struct {
	river.WorkerDefaults[bot.LeftArgs]
	w *Workers
}

func (l *leftWorker) Work(ctx context.Context, job *river.Job[bot.LeftArgs]) error {
	if err := l.w.Talk.Left(ctx, job.Args.Person); err != nil {
		l.w.Log.WarnContext(ctx, "the actions of somebody who left could not be looked at and are tried again", slog.Any("error", err))
		return snooze(backoff(string(job.Args.Person), tries(job)))
	}
	return nil
}
