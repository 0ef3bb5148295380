package storagetest

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/engine"
	"github.com/rollcall-bot/rollcall/storage/migrations"
)

// TestAnOlderProgramStartsWhereItCanGoOn has a newer program take steps that this one does
// not know, and starts this one on what they left: it serves as long as each of them lets programs
// like it go on, and else says what to do.
func TestAnOlderProgramStartsWhereItCanGoOn(t *testing.T) {
	latest := migrations.Latest
	for name, c := range map[string]struct {
		said   map[int64]int64 // which step lets programs from which step on go on
		silent []int64         // steps that say nothing
		opens  bool
	}{
		"steps that only add":                  {said: map[int64]int64{90: 0, 91: 0}, opens: true},
		"one that programs like it go on with": {said: map[int64]int64{90: latest}, opens: true},
		"one that far older ones go on with":   {said: map[int64]int64{90: 1}, opens: true},
		"one that shuts all older ones out":    {said: map[int64]int64{90: 90}},
		"one of several shuts it out":          {said: map[int64]int64{90: 0, 91: 90, 92: 0}},
		"one that says nothing":                {said: map[int64]int64{90: 0}, silent: []int64{91}},
		"a late one, with a lower number":      {said: map[int64]int64{11: 0}, opens: true},
		"a late one that says nothing":         {silent: []int64{11}},
	} {
		t.Run(name, func(t *testing.T) {
			eachEmpty(t, func(t *testing.T, fx *Fixture) {
				db := fx.upTo(latest)
				takes := func(step int64) {
					if _, err := db.ExecContext(t.Context(), fmt.Sprintf(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, true)`, step)); err != nil {
						t.Fatal(err)
					}
				}
				for step, oldest := range c.said {
					takes(step)
					if _, err := db.ExecContext(t.Context(), fmt.Sprintf(`INSERT INTO schema_step (step, oldest) VALUES (%d, %d)`, step, oldest)); err != nil {
						t.Fatal(err)
					}
				}
				for _, step := range c.silent {
					takes(step)
				}
				s, err := storage.Open(t.Context(), fx.Options())
				if !c.opens {
					if !errors.Is(err, engine.ErrNewer) || !strings.Contains(err.Error(), "install that version again") {
						t.Errorf("got %v", err)
					}
					if s != nil {
						_ = s.Close(t.Context())
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = s.Close(t.Context()) }()
				fx.Store = s
				fx.opened("i1")
				if err := add(s, fx, 1, "i1", notes("still here")...); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestAnOlderProgramTakesNoSnapshotOfANewerOne has a newer program write something that an older one cannot
// read, and enough behind it for a snapshot. The older one, started afterwards, still finds that there
// is something, and the newer one finds its state as it was.
func TestAnOlderProgramTakesNoSnapshotOfANewerOne(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		if err := add(fx.Store, fx, 1, "i1", incident.DecisionMade{Entry: 2, Text: "roll back"}); err != nil {
			t.Fatal(err)
		}
		if err := add(fx.Store, fx, 2, "i1", notes(strings.Split(strings.Repeat("x", 250), "")...)...); err != nil {
			t.Fatal(err)
		}
		before := state(t, fx.Store, "i1")
		opts := fx.Options()
		opts.Kinds = maps.Clone(incident.Kinds())
		delete(opts.Kinds, incident.DecisionMade{}.Kind())
		older := fx.Another(opts)
		if err := older.Read(t.Context(), func(r *storage.Reader) error {
			inc, err := r.RawIncident("i1")
			if err == nil && (inc.Trace.Unreadable != "decision.made" || inc.Identity.Title == "") {
				t.Errorf("it reads %q and believes to know all of it (%q)", inc.Identity.Title, inc.Trace.Unreadable)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		// What it can decide on leaves a snapshot of its own, which the newer one does not take.
		fx.opened("i2")
		if err := add(older, fx, 3, "i2", notes(strings.Split(strings.Repeat("x", 250), "")...)...); err != nil {
			t.Fatal(err)
		}
		if err := add(older, fx, 4, "i1", incident.Undone{Command: "nothing"}); err != nil { // has it folded anew, and a snapshot written
			t.Fatal(err)
		}
		fx.Reopen()
		if after := state(t, fx.Store, "i1"); !strings.Contains(after, "roll back") || !strings.Contains(before, "roll back") {
			t.Errorf("the newer one folds\n%s\nbefore it was\n%s", after, before)
		}
	})
}
