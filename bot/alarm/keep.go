package alarm

import (
	"context"
	"fmt"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/storage"
)

// keptBody bounds what is kept of a message that means nothing here, in bytes.
const keptBody = storage.UnreadBody

// Keep stores a message that is not (or not yet) understood, for a week, so that
// somebody can look at it. fresh says that it was not there before.
func (i *Intake) Keep(ctx context.Context, deliveries []bot.Delivery, body []byte) (fresh bool, err error) {
	body = body[:min(len(body), keptBody)]
	err = i.Bot.Store.Write(ctx, func(tx *storage.Tx) error {
		again, err := i.note(tx, deliveries, string(body))
		fresh = !again
		return err
	})
	if err != nil {
		return false, fmt.Errorf("keep a message: %w", err)
	}
	return fresh, nil
}

// Odd is a message from the right sender that cannot be read.
type Odd struct {
	Source     string // as in the report of an alarm
	Why        string // what is wrong with it
	Deliveries []bot.Delivery
	Body       []byte
}

// KeepOdd stores a message that ought to be an alarm and cannot be read, for a
// week and up to storage.UnreadRows of a source; `rollcall unread` shows them.
// fresh says that it was not there before.
func (i *Intake) KeepOdd(ctx context.Context, o Odd) (fresh bool, err error) {
	err = i.Bot.Store.Write(ctx, func(tx *storage.Tx) error {
		again, err := i.note(tx, o.Deliveries, "")
		if err != nil {
			return err
		}
		fresh, err = tx.SaveUnread(o.Source, o.Why, o.Body)
		fresh = fresh && !again
		return err
	})
	if err != nil {
		return false, fmt.Errorf("keep a message that cannot be read: %w", err)
	}
	return fresh, nil
}
