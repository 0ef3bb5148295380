package storagetest

import (
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// people stores one person of each sort.
func (fx *Fixture) people() {
	fx.t.Helper()
	fx.MustWrite(func(tx *storage.Tx) error {
		if err := tx.SetTeam("T1"); err != nil {
			return err
		}
		for _, p := range []storage.Person{
			{ID: "full", SlackID: "U1", TeamID: "T1"},
			{ID: "member", SlackID: "U2", TeamID: "T1"},
			{ID: "guest", SlackID: "U3", TeamID: "T1", Guest: true},
			{ID: "guest-member", SlackID: "U4", TeamID: "T1", Guest: true},
			{ID: "stranger", SlackID: "U5", TeamID: "T2"},
			{ID: "stranger-member", SlackID: "U6", TeamID: "T2"},
			{ID: "gone", SlackID: "U7", TeamID: "T1", Deleted: true},
			{ID: "gone-member", SlackID: "U8", TeamID: "T1", Deleted: true},
		} {
			if _, err := tx.UpsertPerson(p); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestWhoSeesWhat(t *testing.T) {
	sees := map[incident.PersonID][]incident.ID{
		"full":            {"public"},
		"member":          {"private", "public"},
		"guest":           nil,
		"guest-member":    {"private", "public"},
		"stranger":        nil,
		"stranger-member": {"private", "public"},
		"gone":            nil,
		"gone-member":     nil,
		"nobody":          nil,
		incident.System:   nil,
	}
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.people()
		numbers := map[incident.ID]int{
			"public":  fx.opened("public").Identity.Number,
			"private": fx.opened("private", func(e *incident.Opened) { e.Private = true }).Identity.Number,
		}
		fx.MustWrite(func(tx *storage.Tx) error {
			for id := range numbers {
				for _, p := range []incident.PersonID{"member", "guest-member", "stranger-member", "gone-member", incident.System, "nobody"} {
					if err := tx.AddMember(id, p, fx.Now.Time()); err != nil {
						return err
					}
				}
				if err := tx.BindChannel("C-"+string(id), id); err != nil {
					return err
				}
			}
			return nil
		})
		for actor, want := range sees {
			fx.MustRead(func(r *storage.Reader) error {
				for id := range numbers {
					seen := slices.Contains(want, id)
					for way, got := range fx.ways(r, actor, id, numbers[id]) {
						if got != seen {
							t.Errorf("%s sees %s by %s: %v, want %v", actor, id, way, got, seen)
						}
					}
				}
				return nil
			})
		}
	})
}

// ways asks every look-up that takes an actor whether it shows an incident.
func (fx *Fixture) ways(r *storage.Reader, actor incident.PersonID, id incident.ID, number int) map[string]bool {
	fx.t.Helper()
	none := func(err error) bool {
		if err != nil && !storage.IsNotFound(err) {
			fx.t.Errorf("%s, %s: %v", actor, id, err)
		}
		return err == nil
	}
	lists := func(briefs []storage.Brief, err error) bool {
		return none(err) && slices.ContainsFunc(briefs, func(b storage.Brief) bool { return b.ID == id })
	}
	may, err := r.CanSee(actor, id)
	ways := map[string]bool{"CanSee": none(err) && may}
	_, err = r.Visible(actor, number)
	ways["Visible"] = none(err)
	_, err = r.VisibleByID(actor, id)
	ways["VisibleByID"] = none(err)
	_, err = r.VisibleByChannel(actor, "C-"+string(id))
	ways["VisibleByChannel"] = none(err)
	_, err = r.VisibleIncident(actor, id)
	ways["VisibleIncident"] = none(err)
	log, err := r.VisibleRecords(actor, id, 1)
	ways["VisibleRecords"] = none(err) && len(log) > 0
	ways["VisibleOpen"] = lists(r.VisibleOpen(actor))
	ways["VisibleLatest"] = lists(r.VisibleLatest(actor, 1000))
	ways["VisibleSince"] = lists(r.VisibleSince(actor, Start.Add(-time.Hour)))
	return ways
}

func TestHiddenAndUnknownAnswerAlike(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.people()
		fx.opened("private", func(e *incident.Opened) { e.Private = true })
		fx.MustRead(func(r *storage.Reader) error {
			_, hidden := r.Visible("full", 1)
			_, unknown := r.Visible("full", 2)
			if hidden == nil || unknown == nil || hidden.Error() != unknown.Error() {
				t.Errorf("Visible: %v and %v", hidden, unknown)
			}
			_, hidden = r.VisibleIncident("full", "private")
			_, unknown = r.VisibleIncident("full", "nothing")
			if hidden == nil || unknown == nil || hidden.Error() != unknown.Error() {
				t.Errorf("VisibleIncident: %v and %v", hidden, unknown)
			}
			return nil
		})
	})
}

func TestLeavingTheChannelClosesTheDoor(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.people()
		fx.opened("private", func(e *incident.Opened) { e.Private = true })
		sees := func() (ok bool) {
			fx.MustRead(func(r *storage.Reader) (err error) {
				ok, err = r.CanSee("guest", "private")
				return err
			})
			return ok
		}
		if sees() {
			t.Error("a guest sees it before joining")
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.AddMember("private", "guest", fx.Now.Time()) })
		if !sees() {
			t.Error("a member does not see it")
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.RemoveMember("private", "guest") })
		if sees() {
			t.Error("a former member still sees it")
		}
	})
}
