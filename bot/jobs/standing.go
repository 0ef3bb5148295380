package jobs

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/toggle"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// flapping is how long trouble has to have been over before it is said anew: until
// then the message of the last time is edited back.
const flapping = time.Hour

// metaStanding is the key, followed by the kind, of trouble that lasts.
const metaStanding = "standing:"

// standing is trouble that lasts until it is seen to be over. It has one message,
// which is edited.
type standing struct {
	Op          string
	What, Fix   string
	Began, Over time.Time // Over is zero while it lasts
	Channel, TS string    // of the message, once it is there
}

// Standing says where trouble that lasts is told, besides Sentry.
type Standing struct {
	Channel string // by name or id; "" for the announcement channel, so that it reaches somebody
	Off     bool   // nowhere: it is told elsewhere
}

// told is what one process keeps of telling.
type told struct {
	channel announcement // of Standing
	one     sync.Mutex   // two jobs of one kind would both find no message
}

func readStanding(r *storage.Reader, kind string) (s standing, ok bool, err error) {
	text, err := r.Meta(metaStanding + kind)
	if storage.IsNotFound(err) {
		return standing{}, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &s)
	}
	return s, err == nil, err
}

func writeStanding(tx *storage.Tx, kind string, s standing) error {
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return tx.SetMeta(metaStanding+kind, string(body))
}

// stands notes trouble that lasts and has it told, once, whatever process finds it
// and however often. what and fix are words of our own.
func (w *Workers) stands(ctx context.Context, kind, what, fix string) error {
	fresh, now := false, w.Clock.Now()
	err := w.Store.Write(ctx, func(tx *storage.Tx) error {
		s, ok, err := readStanding(tx.Reader, kind)
		if err != nil || ok && s.Over.IsZero() && s.What == what {
			return err
		}
		fresh = !ok || !s.Over.IsZero() && now.Sub(s.Over).Abs() >= flapping
		if fresh {
			s = standing{Op: w.NewID(), Began: now}
		}
		s.What, s.Fix, s.Over = what, fix, time.Time{}
		if err := writeStanding(tx, kind, s); err != nil {
			return err
		}
		return tx.Enqueue(bot.StandingArgs{Trouble: kind}, nil)
	})
	if err == nil && fresh {
		w.Report(outbound.Trouble{Kind: kind, What: what, Standing: true})
	}
	return err
}

// over notes that trouble of a kind is not there, or not any more.
func (w *Workers) over(ctx context.Context, kind string) error {
	lasts := func(r *storage.Reader) (s standing, yes bool, err error) {
		s, ok, err := readStanding(r, kind)
		return s, ok && s.Over.IsZero(), err
	}
	var yes bool
	err := w.Store.Read(ctx, func(r *storage.Reader) (err error) {
		_, yes, err = lasts(r)
		return err
	})
	if err != nil || !yes {
		return err
	}
	return w.Store.Write(ctx, func(tx *storage.Tx) error {
		s, yes, err := lasts(tx.Reader)
		if err != nil || !yes {
			return err
		}
		s.Over = w.Clock.Now()
		if err := writeStanding(tx, kind, s); err != nil {
			return err
		}
		return tx.Enqueue(bot.StandingArgs{Trouble: kind}, nil)
	})
}

// standingWorker says that trouble lasts, and edits that once it is over.
type standingWorker struct {
	river.WorkerDefaults[bot.StandingArgs]
	w *Workers
}

// Work tells what is so by now.
func (o *standingWorker) Work(ctx context.Context, job *river.Job[bot.StandingArgs]) error {
	w, kind := o.w, job.Args.Trouble
	if w.Standing.Off {
		return nil
	}
	w.standing.one.Lock()
	defer w.standing.one.Unlock()
	var s standing
	var ok bool
	err := w.Store.Read(ctx, func(r *storage.Reader) (err error) {
		s, ok, err = readStanding(r, kind)
		return err
	})
	again := func(f *outbound.Failure) error { return snooze(max(f.Wait, backoff(kind, job.Attempt))) }
	switch {
	case err != nil:
		return err
	case !ok || s.TS == "" && !s.Over.IsZero():
		return nil // over before anybody heard of it
	case w.Standing.Channel == "" && !w.On(ctx, toggle.Announcements):
		return snooze(offWait)
	}
	channel := s.Channel
	if s.TS == "" {
		channel, err = w.troubled(ctx)
		if f := outbound.FailureOf(err); f != nil {
			return again(f)
		}
		if channel == "" {
			return nil // which is in the log
		}
	}
	sent, err := w.Slack.Post(ctx, outbound.Post{
		Op: s.Op, To: outbound.Place{Channel: channel}, Sent: outbound.Sent{Channel: s.Channel, TS: s.TS}, Since: s.Began, Again: true,
		Say:  incident.Say{ID: "ops.standing", Args: incident.Args{"kind": kind, "what": s.What, "fix": s.Fix, "began": s.Began, "over": s.Over, "lasts": s.Over.IsZero()}},
		View: outbound.View{Who: &crew{ctx: ctx, store: w.Store, known: map[incident.PersonID]storage.Person{}}},
	})
	f := outbound.FailureOf(err)
	w.counts.note(f)
	if f == nil {
		return w.remember(ctx, kind, s, sent)
	}
	if f.End == outbound.Refused {
		w.announce.forget(w.Clock.Now())
		w.standing.channel.forget(w.Clock.Now())
		w.Log.ErrorContext(ctx, "trouble that lasts could not be told", slog.String("kind", kind), slog.Any("error", f), slog.String("fix", f.Fix))
		return nil
	}
	return again(f)
}

// remember notes where the message is. What changed while it was sent is told next.
func (w *Workers) remember(ctx context.Context, kind string, was standing, sent outbound.Sent) error {
	return w.Store.Write(context.WithoutCancel(ctx), func(tx *storage.Tx) error {
		s, ok, err := readStanding(tx.Reader, kind)
		if err != nil || !ok || s.Op != was.Op {
			return err
		}
		s.Channel, s.TS = sent.Channel, sent.TS
		if err := writeStanding(tx, kind, s); err != nil {
			return err
		}
		if s.What != was.What || !s.Over.Equal(was.Over) {
			return tx.Enqueue(bot.StandingArgs{Trouble: kind}, nil)
		}
		return nil
	})
}

// troubled is the channel where trouble that lasts is told; "" when there is none.
func (w *Workers) troubled(ctx context.Context) (string, error) {
	if w.Standing.Channel == "" {
		return w.announce.find(ctx, w)
	}
	return w.standing.channel.named(ctx, w, w.Standing.Channel, "Create the channel and invite Rollcall, or set ops_channel in rollcall.yaml to another one.")
}
