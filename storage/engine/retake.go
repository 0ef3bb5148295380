package engine

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

const (
	// RetakeEvery is how often it is looked for jobs that another program did not know.
	RetakeEvery = 30 * time.Second
	// retakeTimeout bounds a look, and retakeMost how many jobs one takes up.
	retakeTimeout = 10 * time.Second
	retakeMost    = 500
)

// retaking looks at once and then regularly, until ctx ends.
func retaking[T any](ctx context.Context, client *river.Client[T], kinds []string, log *slog.Logger) {
	if len(kinds) == 0 {
		return
	}
	tick := time.NewTicker(RetakeEvery)
	defer tick.Stop()
	for {
		n, err := retake(ctx, client, kinds)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.WarnContext(ctx, "could not look for jobs that an older program left", slog.Any("error", err))
		case n > 0:
			log.InfoContext(ctx, "took jobs up that an older program did not know", slog.Int("jobs", n))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// retake makes jobs of these kinds available at once that a program did not know which
// took them. To River that is a failure like any other: it lets them wait for hours
// before they are tried again, and gives them up after 25 such attempts.
func retake[T any](ctx context.Context, client *river.Client[T], kinds []string) (n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, retakeTimeout)
	defer cancel()
	list, err := client.JobList(ctx, river.NewJobListParams().Kinds(kinds...).First(retakeMost).
		States(rivertype.JobStateRetryable, rivertype.JobStateDiscarded))
	if err != nil {
		return 0, fmt.Errorf("list the jobs that failed: %w", err)
	}
	for _, job := range list.Jobs {
		if last := len(job.Errors) - 1; last < 0 || job.Errors[last].Error != (&rivertype.UnknownJobKindError{Kind: job.Kind}).Error() {
			continue
		}
		if _, err := client.JobRetry(ctx, job.ID); err != nil {
			return n, fmt.Errorf("try a job again: %w", err)
		}
		n++
	}
	return n, nil
}
