package jobs_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// TestWhatIsOldIsDropped: three months later it is not known any more what Slack sent and
// which steps were taken; the log, what PagerDuty sent and programs' answers are.
func TestWhatIsOldIsDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.open("Checkout is down")
	w.write(func(tx *storage.Tx) error { return tx.AddEffects(id, []incident.Effect{post(1)}) })
	var step string
	w.read(func(r *storage.Reader) error {
		all, err := r.RawEffects(id)
		step = all[len(all)-1].ID
		return err
	})
	sources := []string{"slack.command", "pagerduty.event", storage.SourceAPI}
	w.write(func(tx *storage.Tx) error {
		for _, source := range sources {
			if err := tx.SaveDelivery(storage.Delivery{Source: source, ID: "old", Answer: `{"text":"first"}`, At: w.clock.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	head := w.incident(id).Head
	w.work()
	w.settled(id)
	w.clock.advance(storage.KeepRequests + 2*time.Hour)
	known := func() (k map[string]storage.Delivery, stepped bool) {
		k = map[string]storage.Delivery{}
		w.read(func(r *storage.Reader) error {
			for _, source := range sources {
				d, seen, err := r.Delivery(source, "old")
				if err != nil {
					return err
				}
				if seen {
					k[source] = d
				}
			}
			_, err := r.RawEffect(step)
			if stepped = err == nil; storage.IsNotFound(err) {
				return nil
			}
			return err
		})
		return k, stepped
	}
	w.eventually("what is old is dropped", func() bool { k, stepped := known(); return len(k) == 2 && !stepped })
	k, _ := known()
	if k[storage.SourceAPI].Answer == "" || k["pagerduty.event"].Answer != "" || k["pagerduty.event"].Source == "" {
		t.Errorf("known are %+v", k)
	}
	if now := w.incident(id).Head; now < head {
		t.Errorf("of %d events %d are left", head, now)
	}
}
