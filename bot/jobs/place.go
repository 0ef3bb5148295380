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

// home is where an incident is talked about: its channel; without one the thread
// under its announcement, which a private incident does not have; else a direct
// message to whoever opened it. ok is false when there is none of these.
func (l look) home() (to outbound.Place, ok bool) {
	if l.inc.Channel.ID != "" {
		return outbound.Place{Channel: l.inc.Channel.ID}, true
	}
	if !l.inc.Identity.Private {
		for _, c := range l.cards {
			if c.Target == incident.AnnouncementCard && c.TS != "" {
				return outbound.Place{Channel: c.Channel, Thread: c.TS}, true
			}
		}
	}
	return outbound.Place{User: l.opener}, l.opener != ""
}

// place is where a card belongs. ok is false when it belongs nowhere: a channel's
// topic, bookmark or call without a channel, an announcement without an announcement channel.
func (r *run) place(ctx context.Context, l look, c storage.Card) (to outbound.Place, ok bool, err error) {
	switch c.Target {
	case incident.AnnouncementCard:
		if l.inc.Identity.Private {
			return outbound.Place{}, false, nil
		}
		id, err := r.announce.find(ctx, r.Workers)
		return outbound.Place{Channel: id}, id != "", err
	case incident.TopicCard, incident.BookmarkCard, incident.CallCard:
		return outbound.Place{Channel: l.inc.Channel.ID}, l.inc.Channel.ID != "", nil
	default:
		to, ok = l.home()
		return to, ok, nil
	}
}

// lookAgain is how long an announcement channel that was not found is taken for
// missing.
const lookAgain = 5 * time.Minute

// lookBusy is when to ask again while somebody else is looking: in a large
// workspace it takes minutes, for which nothing else has to wait.
const lookBusy = time.Second

// announcement is the announcement channel, or another that the settings name, once it was found.
type announcement struct {
	mu     sync.Mutex
	id     string
	missed time.Time // when it was last looked for in vain
}

// find is the id of the announcement channel, "" when there is none.
func (a *announcement) find(ctx context.Context, w *Workers) (string, error) {
	if w.Announce == "" {
		return "", nil
	}
	return a.named(ctx, w, w.Announce, "Create the channel and invite Rollcall, or set ROLLCALL_INCIDENTS_CHANNEL to another one.")
}

// named is the id of a channel that the settings name, "" when there is none.
func (a *announcement) named(ctx context.Context, w *Workers, name, fix string) (string, error) {
	if !a.mu.TryLock() {
		return "", &outbound.Failure{End: outbound.Delayed, Wait: lookBusy, Code: outbound.Limited, Step: "look for the announcement channel"}
	}
	defer a.mu.Unlock()
	now := w.Clock.Now()
	if a.id != "" || !a.missed.IsZero() && now.Sub(a.missed).Abs() < lookAgain {
		return a.id, nil
	}
	ch, ok, err := w.Slack.ChannelByName(ctx, name)
	if f, refused := outbound.Refusal(err); refused {
		w.Log.ErrorContext(ctx, "a channel of the settings cannot be looked up", slog.String("name", name), slog.Any("error", f), slog.String("fix", f.Fix))
		a.missed = now
		return "", nil
	}
	switch {
	case err != nil:
		return "", err
	case !ok:
		a.missed = now
		w.Log.ErrorContext(ctx, "there is no such channel", slog.String("name", name), slog.String("fix", fix))
	default:
		a.id = ch.ID
	}
	return a.id, nil
}

// forget has the channel looked up again, after a while: Slack does not take
// messages there. Most often Rollcall was removed from it, and then a look finds
// the same channel again, which must not be done at each change of each incident.
func (a *announcement) forget(now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.id, a.missed = "", now
}
