package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// asideAfter is how often in a row Slack may answer one step with an error of its
	// own before the steps behind it go on without it: half a minute and more.
	asideAfter = 5
	// giveUpAfter is how long a step that was set aside is tried.
	giveUpAfter = 24 * time.Hour
)

// ownErrors counts, for each step, how often in a row the other side answered that
// something had gone wrong on its side. It is forgotten with the process.
type ownErrors struct {
	mu   sync.Mutex
	runs map[string]int
}

func (o *ownErrors) add(effectID string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.runs == nil {
		o.runs = map[string]int{}
	}
	o.runs[effectID]++
	return o.runs[effectID]
}

func (o *ownErrors) clear(effectID string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.runs, effectID)
}

// ownError says that the other side is there and answers this very step with an
// error of its own, such as internal_error. Without a channel nothing can go on.
func ownError(f *outbound.Failure, e storage.Effect) bool {
	return f.End == outbound.Unclear && f.Code != "" && e.Step.Kind != incident.CreateChannel
}

// isAside says that a step has been set aside.
func isAside(e storage.Effect) bool {
	return e.Lane == incident.Apart && e.Step.Kind.Lane() != incident.Apart
}

// insist puts a step off that the other side answers with an error of its own. What
// it does not take for long may not hold up the rest: it is set aside, tried now
// and then, and given up after a day.
func (r *run) insist(ctx context.Context, c *carried, f *outbound.Failure, result string) error {
	n := r.ownErrors.add(c.e.ID)
	switch {
	case isAside(c.e) && r.Clock.Now().Sub(c.e.At) > giveUpAfter:
		r.ownErrors.clear(c.e.ID)
		r.Log.ErrorContext(ctx, "an outbound step is given up", slog.String("effect", c.e.ID), slog.String("incident", string(r.id)), slog.Any("error", f))
		return r.finish(ctx, c.e, storage.EffectFailed, result, f.Error()+". It was tried for a day.")
	case n < asideAfter || c.e.Lane == incident.Apart:
		return r.putOff(ctx, c, f, result)
	}
	r.Log.ErrorContext(ctx, "an outbound step is set aside, so that those behind it go on; it is tried for a day",
		slog.String("effect", c.e.ID), slog.String("kind", string(c.e.Step.Kind)), slog.String("incident", string(r.id)), slog.Any("error", f))
	r.failures.clear(r.peer(c.e.Lane))
	until := r.retryAt(f, incident.Apart)
	return r.Store.Write(context.WithoutCancel(ctx), func(tx *storage.Tx) error {
		return tx.SetEffectAside(r.st, c.e.ID, until, result, f.Error())
	})
}
