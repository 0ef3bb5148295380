package jobs

import (
	"context"
	"slices"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/toggle"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// offWait is when what is held is looked at again: whoever switched it on again
// waits for it.
const offWait = 10 * time.Second

// noReminders are the clocks that say nothing of their own: what somebody wrote goes
// out, and what became of actions is put into the RFO.
var noReminders = []string{"update.send", "rfo.follow"}

// holds says that a card has to wait because announcements are switched off.
func (r *run) holds(ctx context.Context, c incident.Card) bool {
	return c == incident.AnnouncementCard && !r.On(ctx, toggle.Announcements)
}

// pagesNobody gives a page up that is switched off; whom to phone is said at once.
// It does not go out later, when whoever is woken would be woken for nothing.
func (c *carried) pagesNobody(ctx context.Context, p incident.Paging) error {
	return c.decide(ctx, incident.FailPage{Number: p.Number, Reason: whyOff, Final: true})
}

// whyOff is why nobody was paged while paging is switched off.
const whyOff = "off"

// leftOnDisk says where the RFO is that is not uploaded.
func (c *carried) leftOnDisk(ctx context.Context, f outbound.File) error {
	p := c.message("", f.To)
	p.Say = incident.Say{ID: "off.upload_skipped", Args: incident.Args{"key": c.inc.Key(), "file": f.Name}}
	_, err := c.Slack.Post(ctx, p)
	return err
}

// holdDue puts a moment back whose reminder is switched off: on Rollcall's clock, as
// every moment is. It then looks again whether there still is a reason.
func (w *Workers) holdDue(ctx context.Context, a DueArgs) error {
	err := w.Store.Write(ctx, func(tx *storage.Tx) error {
		had, err := tx.Dues(a.Incident)
		if err != nil {
			return err
		}
		held := incident.Due{Kind: a.Name, Key: a.Key, At: w.Clock.Now().Add(offWait)}
		if slices.ContainsFunc(had, func(d incident.Due) bool { return d.Kind == a.Name && d.Key == a.Key }) {
			return nil
		}
		return tx.SetDues(a.Incident, append(had, held))
	})
	if err != nil {
		return snooze(offWait)
	}
	return nil
}

// reminding says that a clock reminds, and may be held.
func reminding(clock string) bool { return !slices.Contains(noReminders, clock) }
