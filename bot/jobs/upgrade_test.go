package jobs_test

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/storagetest"
)

// older is a program on the same database that knows fewer kinds of events and steps.
func (w *world) older(kinds map[string]int) *world {
	w.t.Helper()
	r := &world{t: w.t, clock: w.clock, places: w.places, slack: w.slack, ana: w.ana, bob: w.bob, announce: w.announce}
	r.kinds = kinds
	r.last.Store(1 << 30)
	r.begin()
	return r
}

// meets is what a program says at its start and every half minute.
func (w *world) meets(version string) {
	w.t.Helper()
	kinds := w.kinds
	if kinds == nil {
		kinds = incident.Kinds()
	}
	if err := w.store.Meet(w.t.Context(), storage.Replica{ID: w.store.Process(), Version: version, StartedAt: start, Kinds: kinds}); err != nil {
		w.t.Fatal(err)
	}
}

// TestTheOldVersionGoesOnWritingDuringAnUpgrade has two programs on one database, of
// which the older has never heard of decisions, or of notices in the channel. Both take commands about the
// same incident; the old one goes away; nothing is lost and nothing was swallowed.
func TestTheOldVersionGoesOnWritingDuringAnUpgrade(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "rollcall.db") },
		"postgres": func(t *testing.T) string { return storagetest.PostgresURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			kinds := maps.Clone(incident.Kinds())
			delete(kinds, incident.DecisionMade{}.Kind())
			w := newWorldOn(t, url(t))
			old := w.older(kinds)
			old.meets("old")
			stopOld := old.work(func(o *jobs.Options) {
				o.Knows = func(k incident.EffectKind) bool { return k != incident.Post }
			})
			id := old.open("Nothing works")
			w.meets("new")

			// What the old one could not read, the new one does not write yet.
			if a := w.says(w.ana, "C-elsewhere", "INC-1 decide roll back"); a.Kind == bot.Done || !strings.Contains(a.Text, "older version") {
				t.Fatalf("answered %s: %s", a.Kind, a.Text)
			}
			for n := range 10 {
				at := []*world{w, old}[n%2]
				at.does(w.ana, "C-elsewhere", "INC-1 note "+strings.Repeat("x", n+1))
				at.does(w.bob, "C-elsewhere", "INC-1 task look at "+[]string{"disks", "names", "queues", "certificates", "clocks", "routes", "quotas", "leaks", "pools", "flags"}[n])
			}
			_, someone := w.crowd("eve")
			// A step that the old one does not know, with one behind it that it does.
			w.write(func(tx *storage.Tx) error {
				if err := tx.AddEffects(id, []incident.Effect{
					{Kind: incident.Post, Say: incident.Say{ID: "refuse.verb"}}, {Kind: incident.Tell, People: someone, Say: incident.Say{ID: "refuse.verb"}},
				}); err != nil {
					return err
				}
				return tx.Wake(id, bot.DrainArgs{Incident: id}, nil)
			})
			w.eventually("the old one does what it can", func() bool { return w.effect(id, incident.Tell) == "" })
			if got := w.effect(id, incident.Post); got != storage.EffectPending {
				t.Errorf("the step that it cannot take is %q", got)
			}

			w.work() // the new one begins
			w.settled(id)
			if got := w.effect(id, incident.Post); got != "" {
				t.Errorf("the new one left the step %q", got)
			}
			stopOld()
			if err := old.store.Part(context.WithoutCancel(t.Context()), old.store.Process()); err != nil {
				t.Fatal(err)
			}
			w.meets("new")
			w.does(w.ana, "C-elsewhere", "INC-1 decide roll back")
			w.settled(id)
			inc := w.incident(id)
			if len(inc.Log.Decisions) != 1 || inc.Trace.Counters.Tasks != 10+3 {
				t.Errorf("%d decisions, %d tasks", len(inc.Log.Decisions), inc.Trace.Counters.Tasks)
			}

			// Should an old one come back all the same, it shows what it can read, decides nothing, and
			// draws nothing over what the new one drew.
			back := w.older(kinds)
			if a := back.says(w.ana, "C-elsewhere", "INC-1 note late"); a.Kind == bot.Done || !strings.Contains(a.Text, "newer") {
				t.Errorf("answered %s: %s", a.Kind, a.Text)
			}
			if a := back.says(w.ana, "C-elsewhere", "INC-1 status"); !strings.Contains(a.Text, "Nothing works") {
				t.Errorf("status is answered %s: %s", a.Kind, a.Text)
			}
			w.calm()
		})
	}
}

// effect is how far the open step of a kind has got; "" when there is none.
func (w *world) effect(id incident.ID, kind incident.EffectKind) (state storage.EffectState) {
	w.t.Helper()
	w.read(func(r *storage.Reader) error {
		all, err := r.RawEffects(id)
		for _, e := range all {
			if e.Step.Kind == kind {
				state = e.State
			}
		}
		return err
	})
	return state
}

// TestACardOfANewerProgramWaitsForIt has a card to draw that this program does not know: it is not
// taken for drawn, holds nothing up, and is as it was for the program that knows it.
func TestACardOfANewerProgramWaitsForIt(t *testing.T) {
	w := newWorld(t)
	w.work()
	id := w.open("Nothing works")
	w.settled(id)
	w.write(func(tx *storage.Tx) error {
		if err := tx.TouchCards(id, []incident.Card{"poll:P1", incident.SummaryCard}); err != nil {
			return err
		}
		return tx.Wake(id, bot.DrainArgs{Incident: id}, nil)
	})
	card := func(target incident.Card) (c storage.Card) {
		w.read(func(r *storage.Reader) (err error) {
			c, _, err = r.RawCard(id, target)
			return err
		})
		return c
	}
	w.eventually("the card that it knows is drawn", func() bool { c := card(incident.SummaryCard); return c.Wanted == c.Sent })
	w.does(w.ana, "C-elsewhere", "INC-1 task look at disks")
	w.eventually("what comes later is drawn", func() bool { c := card("task:T1"); return c.Wanted == c.Sent && c.TS != "" })
	if c := card("poll:P1"); c.Wanted != 1 || c.Sent != 0 {
		t.Errorf("the card of a newer program is %+v", c)
	}
}

// TestMomentsOfANewerProgramWaitForIt has a moment come that this program does not know, and one that it does
// know of an incident that it cannot read: both are kept.
func TestMomentsOfANewerProgramWaitForIt(t *testing.T) {
	kinds := maps.Clone(incident.Kinds())
	delete(kinds, incident.DecisionMade{}.Kind())
	w := newWorld(t)
	id := w.open("Nothing works")
	w.does(w.ana, "C-elsewhere", "INC-1 decide roll back")
	old := w.older(kinds)
	stop := old.work()
	var known string
	w.write(func(tx *storage.Tx) error {
		had, err := tx.Dues(id)
		if err != nil || len(had) == 0 {
			return errors.Join(err, errors.New("nothing is due"))
		}
		known = had[0].Kind
		return tx.SetDues(id, append(had, incident.Due{Kind: "poll.close", Key: "P1", At: w.clock.Now()}))
	})
	w.clock.advance(3 * time.Hour)
	db, err := sql.Open("sqlite3", "file:"+strings.TrimPrefix(w.url, "sqlite:")+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	waits := func(kind string) (n int) {
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM river_job WHERE kind = 'due' AND state IN ('available', 'scheduled')
			AND json_extract(metadata, '$.snoozes') > 0 AND json_extract(args, '$.name') = ?`, kind).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	w.eventually("both moments are jobs that wait", func() bool { return waits("poll.close") == 1 && waits(known) == 1 })
	stop()
	before := w.incident(id).Head
	w.work()
	w.eventually("the newer one takes what it knows", func() bool { return waits(known) == 0 && w.incident(id).Head > before })
	w.eventually("what nobody here knows still waits", func() bool { return waits("poll.close") == 1 })
}
