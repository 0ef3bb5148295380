package jobs

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// responseLife is how long Slack takes answers at a response URL.
	responseLife = 30 * time.Minute
	// replyLife is how long an answer is worth sending: later it would puzzle.
	replyLife = 2 * time.Hour
)

// replyWorker brings an answer to whoever pressed a button or mentioned Rollcall.
type replyWorker struct {
	river.WorkerDefaults[bot.ReplyArgs]
	w *Workers
}

func (r *replyWorker) Work(ctx context.Context, job *river.Job[bot.ReplyArgs]) error {
	w := r.w
	var d storage.Delivery
	err := w.Store.Read(ctx, func(tx *storage.Reader) (err error) {
		d, _, err = tx.Delivery(job.Args.Source, job.Args.ID)
		return err
	})
	if err != nil {
		return snooze(firstWait)
	}
	reply, ok := readReply(d, w.Clock.Now())
	if !ok {
		return nil // sent before, or too old to be of use
	}
	f := w.bring(ctx, reply)
	switch {
	case f == nil:
	case f.End == outbound.Refused:
		w.Log.WarnContext(ctx, "an answer reached nobody", slog.Any("error", f), slog.String("fix", f.Fix))
	case f.End == outbound.Delayed:
		return snooze(f.Wait)
	default:
		// Also when it may have arrived: only its reader sees it, and reading it
		// twice does no harm, while not reading it may.
		return snooze(backoff(job.Args.ID, tries(job)))
	}
	err = w.Store.Write(context.WithoutCancel(ctx), func(tx *storage.Tx) error {
		return tx.ForgetReplyTo(job.Args.Source, job.Args.ID)
	})
	if err != nil {
		// The answer was sent; its address goes with the old answers.
		w.Log.WarnContext(ctx, "the address of an answer could not be forgotten", slog.Any("error", err))
	}
	return nil
}

// bring sends an answer; a short delay is waited through, since somebody waits.
func (w *Workers) bring(ctx context.Context, reply outbound.Reply) *outbound.Failure {
	f := outbound.FailureOf(w.Slack.Reply(ctx, reply))
	if f != nil && f.End == outbound.Delayed && f.Wait <= shortWait && w.Clock.Sleep(ctx, f.Wait) == nil {
		f = outbound.FailureOf(w.Slack.Reply(ctx, reply))
	}
	w.counts.note(f)
	return f
}

// readReply reads where an answer goes. ok is false when there is nothing to
// send, any more.
func readReply(d storage.Delivery, now time.Time) (reply outbound.Reply, ok bool) {
	var to bot.ReplyTo
	var a bot.Answer
	if json.Unmarshal([]byte(d.ReplyTo), &to) != nil || json.Unmarshal([]byte(d.Answer), &a) != nil || now.Sub(d.At) > replyLife {
		return outbound.Reply{}, false
	}
	reply = outbound.Reply{
		URL: to.URL, Replace: to.Replace, Text: a.Text,
		To: outbound.Place{Channel: to.Channel, Thread: to.Thread, User: to.User},
	}
	for _, b := range a.Buttons {
		reply.Buttons = append(reply.Buttons, outbound.Button{Label: b.Label, Offer: b.Offer, URL: b.URL, Sure: b.Sure})
	}
	if now.Sub(d.At) > responseLife {
		reply.URL = ""
	}
	return reply, true
}
