package jobs_test

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// settled waits until nothing is left to do for an incident.
func (w *world) settled(id incident.ID) {
	w.t.Helper()
	w.eventually("nothing is left to do", func() bool {
		left := true
		w.read(func(r *storage.Reader) error {
			effects, err := r.RawEffects(id)
			if err != nil {
				return err
			}
			cards, err := r.DirtyCards(id)
			left = len(cards) > 0
			for _, e := range effects {
				left = left || e.State != storage.EffectFailed
			}
			return err
		})
		return !left
	})
}

// eventually waits for a condition; it is looked at every few milliseconds.
func (w *world) eventually(what string, holds func() bool) {
	w.t.Helper()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !holds() {
		select {
		case <-look.C:
		case <-deadline.C:
			w.dump()
			w.t.Fatalf("not in time: %s", what)
		}
	}
}

// dump prints what Slack was asked, for a test that failed.
func (w *world) dump() {
	for _, c := range w.slack.Calls("") {
		w.t.Logf("%s %s ok=%v done=%v %s %s", c.At.Format("15:04:05.000"), c.Method, c.OK, c.Done, c.Error, c.Fault)
	}
}

// calm fails when Slack was called more often than it had allowed.
func (w *world) calm() {
	w.t.Helper()
	if v := w.slack.Violations(); len(v) > 0 {
		w.t.Errorf("called before the end of a Retry-After: %+v", v)
	}
	for _, c := range w.slack.Calls("") {
		if c.Status == 429 && c.Fault == "" {
			w.t.Errorf("a limit was passed: %s", c.Method)
		}
	}
}
