package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/storage"
)

// PeopleArgs is the job that reads Slack's list of people whole.
type PeopleArgs struct{}

// Kind is "people.sync".
func (PeopleArgs) Kind() string { return "people.sync" }

// InsertOpts sees to it that several processes that start at once read it once.
func (PeopleArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

// peopleWorker keeps who is in the workspace, so that nobody waits for Slack
// while giving a command.
type peopleWorker struct {
	river.WorkerDefaults[PeopleArgs]
	w *Workers
}

// Timeout leaves room for a large workspace: Slack gives 200 people at a time, 20 times a minute.
func (*peopleWorker) Timeout(*river.Job[PeopleArgs]) time.Duration { return 10 * time.Minute }

func (p *peopleWorker) Work(ctx context.Context, job *river.Job[PeopleArgs]) error {
	err := p.w.syncPeople(ctx)
	if f := outbound.FailureOf(err); f != nil {
		p.w.Log.WarnContext(ctx, "the list of people could not be read", slog.Any("error", f), slog.String("fix", f.Fix))
		return snooze(max(f.Wait, backoff("people", tries(job))))
	}
	return nil
}

// syncPeople reads everybody. The list counts as read only when all of it was.
func (w *Workers) syncPeople(ctx context.Context) error {
	self, err := w.Slack.AuthTest(ctx)
	if err != nil {
		return err
	}
	if err := w.Store.Write(ctx, func(tx *storage.Tx) error { return tx.SetTeam(self.TeamID) }); err != nil {
		return err
	}
	cursor, count := "", 0
	for {
		users, next, err := w.page(ctx, cursor)
		if err != nil {
			return err
		}
		if err := w.keepPeople(ctx, users); err != nil {
			return err
		}
		count += len(users)
		if next == "" {
			break
		}
		cursor = next
	}
	w.Log.InfoContext(ctx, "read the list of people", slog.Int("people", count))
	return w.Store.Write(ctx, func(tx *storage.Tx) error {
		return tx.SetMeta(bot.MetaRoster, w.Clock.Now().UTC().Format(time.RFC3339))
	})
}

// page reads a page of people, waiting for limits: starting over would need more calls.
func (w *Workers) page(ctx context.Context, cursor string) ([]outbound.User, string, error) {
	for {
		users, next, err := w.Slack.Users(ctx, cursor)
		f := outbound.FailureOf(err)
		if f == nil || f.End != outbound.Delayed {
			return users, next, err
		}
		if err := w.Clock.Sleep(ctx, f.Wait); err != nil {
			return nil, "", f
		}
	}
}

func (w *Workers) keepPeople(ctx context.Context, users []outbound.User) error {
	return w.Store.Write(ctx, func(tx *storage.Tx) error {
		for _, u := range users {
			had, err := tx.PersonBySlack(u.ID)
			if err != nil && !storage.IsNotFound(err) {
				return err
			}
			id, err := tx.UpsertPerson(storage.Person{
				SlackID: u.ID, TeamID: u.TeamID, Name: u.Name, RealName: u.RealName, Email: u.Email, Zone: u.Zone,
				Guest: u.Guest, Bot: u.Bot, Deleted: u.Deleted, FetchedAt: w.Clock.Now(),
			})
			if err == nil && u.Deleted && had.ID != "" && !had.Deleted {
				err = tx.Enqueue(bot.LeftArgs{Person: id}, nil)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// personWorker looks one person up.
type personWorker struct {
	river.WorkerDefaults[bot.PersonArgs]
	w *Workers
}

func (p *personWorker) Work(ctx context.Context, job *river.Job[bot.PersonArgs]) error {
	user, ok, err := p.w.Slack.User(ctx, job.Args.SlackID)
	if err == nil && ok {
		err = p.w.keepPeople(ctx, []outbound.User{user})
	}
	if f := outbound.FailureOf(err); f != nil && f.End != outbound.Refused {
		return snooze(max(f.Wait, backoff(job.Args.SlackID, tries(job))))
	} else if f != nil {
		p.w.Log.WarnContext(ctx, "a person could not be looked up", slog.Any("error", f), slog.String("fix", f.Fix))
	}
	return nil
}
