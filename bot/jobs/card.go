package jobs

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// ranks is the order in which cards are drawn: what people look for first.
var ranks = map[incident.Card]int{
	incident.SummaryCard: 1, incident.BookmarkCard: 2, incident.AnnouncementCard: 3, incident.TopicCard: 4, incident.BoardCard: 5, incident.CallCard: 6,
}

// dirty lists the cards that are out of date in the order of drawing. Without a
// channel the announcement comes first, since the others go into its thread.
func dirty(cards []storage.Card, homeless bool) []storage.Card {
	var list []storage.Card
	for _, c := range cards {
		if c.Wanted > c.Sent {
			list = append(list, c)
		}
	}
	rank := func(c storage.Card) int {
		if homeless && c.Target == incident.AnnouncementCard {
			return 0
		}
		return cmp.Or(ranks[c.Target], len(ranks)+1)
	}
	slices.SortStableFunc(list, func(a, b storage.Card) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(digits(a.Target), digits(b.Target)), cmp.Compare(a.Target, b.Target))
	})
	return list
}

// digits is the number in a card's name, so that T2 comes before T10.
func digits(c incident.Card) int {
	at := strings.IndexAny(string(c), "0123456789")
	if at < 0 {
		return 0
	}
	n, err := strconv.Atoi(string(c)[at:])
	if err != nil {
		return 0
	}
	return n
}

// card draws one card as the incident is now.
func (r *run) card(ctx context.Context, l look, c storage.Card) error {
	if r.holds(ctx, c.Target) {
		r.held[c.Target] = r.Clock.Now().Add(offWait)
		return nil
	}
	to, ok, err := r.place(ctx, l, c)
	if f := outbound.FailureOf(err); f != nil {
		r.held[c.Target] = r.retryAt(f, incident.Ordinary)
		return nil
	}
	if !ok {
		return r.drawn(ctx, c) // nowhere to draw it; its next version may find a place
	}
	again := c.Sent == storage.CardBegun
	err = r.Store.Write(ctx, func(tx *storage.Tx) error {
		if c.TS == "" {
			return tx.BeginCard(r.st, c.Target)
		}
		return tx.Hold(r.st)
	})
	if err != nil {
		return err
	}
	var sent outbound.Sent
	card := outbound.Card{
		Card: c.Target, Incident: l.inc, View: l.view, To: to, Since: l.inc.Identity.OpenedAt, Again: again,
		Sent: outbound.Sent{Channel: c.Channel, TS: c.TS, Extra: c.Extra},
	}
	sent = card.Sent
	err = r.safely(ctx, "card", func() (err error) {
		sent, err = r.Slack.Draw(ctx, card)
		return err
	})
	f := outbound.FailureOf(err)
	r.counts.note(f)
	before := c
	c.Channel, c.TS, c.Extra = sent.Channel, sent.TS, sent.Extra
	if f == nil {
		r.failures.clear(r.id)
		if c.Target == incident.TopicCard && c.Extra != before.Extra {
			r.topics.note(r.id, r.Clock.Now())
		}
		return r.drawn(ctx, c)
	}
	r.report(ctx, f, slog.String("card", string(c.Target)))
	return r.undrawn(ctx, before, c, f, again)
}

// drawn notes that the card shows what was wanted when it was read.
func (r *run) drawn(ctx context.Context, c storage.Card) error {
	return r.Store.Write(context.WithoutCancel(ctx), func(tx *storage.Tx) error { return tx.CardSent(r.st, c) })
}

// undrawn notes how far a card got.
func (r *run) undrawn(ctx context.Context, before, c storage.Card, f *outbound.Failure, again bool) error {
	if f.End == outbound.Refused {
		// This version will never be taken; the next one may.
		r.failures.clear(r.id)
		if c.Target == incident.AnnouncementCard {
			r.announce.forget(r.Clock.Now())
		}
		return r.drawn(ctx, c)
	}
	r.held[c.Target] = r.retryAt(f, incident.Ordinary)
	posted := c.TS != before.TS
	absent := before.Sent <= 0 && c.TS == "" && !again && f.End != outbound.Unclear
	if !posted && !absent {
		return nil
	}
	// It stands there unfinished, or is certainly not there: either way nobody
	// has to look for it.
	c.Wanted = 0
	return r.drawn(ctx, c)
}
