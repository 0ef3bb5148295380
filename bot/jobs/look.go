package jobs

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// look is an incident and its outbound work, read at one moment.
type look struct {
	inc     *incident.Incident
	effects []storage.Effect // open and failed ones, in order
	cards   []storage.Card
	view    outbound.View
	opener  string // Slack's id of whoever opened it; "" when not known
	newer   bool   // there is more, which only a newer program can do
}

func (r *run) look(ctx context.Context) (look, error) {
	var l look
	err := r.Store.Read(ctx, func(tx *storage.Reader) (err error) {
		if l.inc, err = tx.RawIncident(r.id); err != nil {
			return err
		}
		if l.effects, err = tx.RawEffects(r.id); err != nil {
			return err
		}
		if l.cards, err = tx.RawCards(r.id); err != nil {
			return err
		}
		r.st.Seen, err = tx.Posted(r.id)
		return err
	})
	if err != nil {
		return look{}, err
	}
	r.leave(ctx, &l)
	l.view = outbound.View{Who: r.crew, BaseURL: r.BaseURL}
	l.opener = r.crew.SlackID(l.inc.Identity.Opener)
	return l, nil
}

// leftFor is how long what only a newer program can do is left alone, for one to take
// the incident's work meanwhile.
const leftFor = 5 * time.Second

// leave takes out what this program cannot do, because a newer one wrote it: a step or a
// card of a kind that it does not know, without holding up those behind it; or everything, when it cannot
// read the incident, since what it would show is not what is so. It stays in the
// database as it is.
func (r *run) leave(ctx context.Context, l *look) {
	if l.newer = l.inc.Trace.Unreadable != ""; l.newer {
		l.effects, l.cards = nil, nil
	}
	l.effects = slices.DeleteFunc(l.effects, func(e storage.Effect) bool {
		if e.State == storage.EffectFailed || r.Knows(e.Step.Kind) {
			return false
		}
		l.newer = true
		return true
	})
	l.cards = slices.DeleteFunc(l.cards, func(c storage.Card) bool {
		if c.Wanted <= c.Sent || incident.KnownCard(c.Target) {
			return false
		}
		l.newer = true
		return true
	})
	if l.newer && r.left.first(r.id) {
		r.Log.WarnContext(ctx, "a newer Rollcall wrote steps that this one cannot take; they are left for it",
			slog.String("incident", string(r.id)), slog.String("fix", "Start the newer version, and end this one."))
	}
}

// first is the next open step of a lane; what waits holds up its lane.
func (l look) first(lane incident.Lane) (storage.Effect, bool) {
	for _, e := range l.effects {
		if e.Lane == lane && e.State != storage.EffectFailed {
			return e, true
		}
	}
	return storage.Effect{}, false
}

// coming says that the incident has no channel yet and that one is being made:
// what needs the channel waits for it.
func (l look) coming() bool {
	return l.inc.Channel.ID == "" && l.inc.Channel.Lost == "" && slices.ContainsFunc(l.effects, func(e storage.Effect) bool {
		return e.Step.Kind == incident.CreateChannel && e.State != storage.EffectFailed
	})
}

// needsChannel are the steps that make no sense before there is a channel.
func needsChannel(k incident.EffectKind) bool {
	return k != incident.CreateChannel && k != incident.Tell
}

// choose picks what to do now: the urgent lane, what goes elsewhere than to Slack,
// the summary that is not there yet, the ordinary lane, the other cards. Without
// anything to do now, next is when there will be; zero for never.
func (r *run) choose(l look) (step func(context.Context) error, next time.Time) {
	if step, next = r.chooseOwn(l); step == nil && l.newer {
		next = sooner(next, r.Clock.Now().Add(leftFor))
	}
	return step, next
}

func (r *run) chooseOwn(l look) (step func(context.Context) error, next time.Time) {
	apart, waits := r.chooseApart(l)
	if now := r.Clock.Now(); r.paused.After(now) {
		return apart, sooner(waits, r.paused)
	}
	homeless := l.inc.Channel.ID == ""
	cards := dirty(l.cards, homeless)
	var first []storage.Card // that the rest stands under
	for _, c := range cards {
		if c.TS == "" && (c.Target == incident.SummaryCard || homeless && c.Target == incident.AnnouncementCard) {
			first = append(first, c)
		}
	}
	if step, next = r.chooseEffect(l, incident.Urgent); step != nil {
		return step, next
	}
	if next = sooner(next, waits); apart != nil {
		return apart, next
	}
	step, at := r.chooseCard(l, first)
	if next = sooner(next, at); step != nil {
		return step, next
	}
	step, at = r.chooseEffect(l, incident.Ordinary)
	if next = sooner(next, at); step != nil {
		return step, next
	}
	step, at = r.chooseCard(l, cards)
	return step, sooner(next, at)
}

// chooseEffect is the next step of a lane, or when it may be taken.
func (r *run) chooseEffect(l look, lane incident.Lane) (step func(context.Context) error, at time.Time) {
	e, ok := l.first(lane)
	switch {
	case !ok || needsChannel(e.Step.Kind) && l.coming():
		return nil, time.Time{}
	case e.Waits(r.Clock.Now()):
		return nil, e.NotBefore
	}
	return func(ctx context.Context) error { return r.effect(ctx, l, e) }, time.Time{}
}

// chooseApart is the first step that can be taken now of those that do not wait
// for each other, or when one can be.
func (r *run) chooseApart(l look) (step func(context.Context) error, next time.Time) {
	now := r.Clock.Now()
	for _, e := range l.effects {
		switch {
		case e.Lane != incident.Apart || e.State == storage.EffectFailed:
		case e.Waits(now):
			next = sooner(next, e.NotBefore)
		default:
			return func(ctx context.Context) error { return r.effect(ctx, l, e) }, time.Time{}
		}
	}
	return nil, next
}

// chooseCard is the first card that can be drawn now, or when one can be.
func (r *run) chooseCard(l look, cards []storage.Card) (step func(context.Context) error, next time.Time) {
	now, coming := r.Clock.Now(), l.coming()
	for _, c := range cards {
		at := r.held[c.Target]
		if c.Target == incident.TopicCard && at.IsZero() {
			at = r.topics.next(r.id, now)
		}
		switch {
		case coming && c.Target != incident.AnnouncementCard:
		case at.After(now):
			next = sooner(next, at)
		default:
			return func(ctx context.Context) error { return r.card(ctx, l, c) }, time.Time{}
		}
	}
	return nil, next
}

// sooner is the earlier of two moments; zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// noted are incidents of which something was said once.
type noted struct {
	mu  sync.Mutex
	ids map[incident.ID]bool
}

// first says whether an incident was not noted before, and notes it.
func (n *noted) first(id incident.ID) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ids[id] {
		return false
	}
	if n.ids == nil {
		n.ids = map[incident.ID]bool{}
	}
	n.ids[id] = true
	return true
}
