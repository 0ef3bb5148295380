package jobs

import (
	"context"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// remindAtOnce is how many reminders of our clocks a person gets at once, of however
	// many incidents, such as after days in which Rollcall did not run; and remindEvery how
	// often one may follow.
	remindAtOnce = 5
	remindEvery  = 12 * time.Minute
	// remindMore is how often at most it is said that there were more.
	remindMore = 6 * time.Hour
)

// owed are the reminders that come again by themselves, and stand in the App Home
// meanwhile, so that one of many need not be said.
var owed = []string{"action_clocks.", "rfo_clocks."}

// remindable decides what becomes of one more direct message to somebody: it goes out
// as it is, or as the word that there are more, or not at all. The count is kept in the
// database, so that it holds across replicas and restarts.
func (c *carried) remindable(ctx context.Context, m outbound.Post, p incident.PersonID) (post outbound.Post, send bool, err error) {
	reminder := false
	for _, prefix := range owed {
		reminder = reminder || strings.HasPrefix(m.Say.ID, prefix)
	}
	if !reminder || c.again {
		return m, true, nil
	}
	var wait, more time.Duration
	err = c.Store.Write(ctx, func(tx *storage.Tx) (err error) {
		wait, err = tx.Reserve(storage.Rate{Bucket: "remind:" + string(p), Interval: remindEvery, Burst: remindAtOnce})
		if err == nil && wait > 0 {
			more, err = tx.Reserve(storage.Rate{Bucket: "remind more:" + string(p), Interval: remindMore, Burst: 1})
		}
		return err
	})
	switch {
	case err != nil:
		return m, false, &outbound.Failure{End: outbound.NotDone, Step: "count reminders", Code: "database", Err: err}
	case wait == 0:
		return m, true, nil
	case more > 0:
		return m, false, nil
	}
	m.Say, m.Choices = incident.Say{ID: "reminders.more", Args: incident.Args{"count": remindAtOnce}}, nil
	return m, true, nil
}
