package storagetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// titled opens an incident about something.
func (fx *Fixture) titled(id incident.ID, title string, change ...func(*incident.Opened)) *incident.Incident {
	fx.t.Helper()
	return fx.opened(id, append([]func(*incident.Opened){func(e *incident.Opened) { e.Title = title }}, change...)...)
}

// similar are the incidents that the store finds, in its order.
func (fx *Fixture) similar(find func(*storage.Reader) ([]storage.Similar, error)) string {
	fx.t.Helper()
	var found []string
	fx.MustRead(func(r *storage.Reader) error {
		list, err := find(r)
		for _, s := range list {
			found = append(found, string(s.ID))
		}
		return err
	})
	return strings.Join(found, " ")
}

func TestSimilarIncidentsAreFound(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.people()
		fx.titled("i1", "The card payments fail")
		fx.titled("i2", "Search is slow")
		fx.titled("i3", "card payments fail in the shop")
		fx.titled("drill", "card payments fail", func(e *incident.Opened) { e.Drill = true })
		private := fx.titled("private", "card payments were stolen", func(e *incident.Opened) { e.Private = true })
		fx.MustWrite(func(tx *storage.Tx) error { return tx.AddMember("private", "member", fx.Now.Time()) })
		asks := func(actor incident.PersonID, w incident.Wording, before int) string {
			return fx.similar(func(r *storage.Reader) ([]storage.Similar, error) { return r.VisibleSimilar(actor, w, before) })
		}
		public := func(w incident.Wording, before int) string {
			return fx.similar(func(r *storage.Reader) ([]storage.Similar, error) { return r.PublicSimilar(w, before) })
		}
		w := incident.Wording{Title: "a card payment fails"}
		for _, test := range []struct{ what, got, want string }{
			{"a full member", asks("full", w, 0), "i1 i3"},
			{"a member of the private one", asks("member", w, 0), "i1 i3 private"},
			{"a guest", asks("guest", w, 0), ""},
			{"somebody who left", asks("gone-member", w, 0), ""},
			{"nobody", asks(incident.System, w, 0), ""},
			{"everybody", public(w, 0), "i1 i3"},
			{"what was before", public(w, 3), "i1"},
			{"the private one itself, before it", asks("member", w, private.Identity.Number), "i1 i3"},
			{"nothing that says something", public(incident.Wording{Title: "it is down"}, 0), ""},
			{"words of no incident", public(incident.Wording{Title: "mails bounce"}, 0), ""},
			{"what only looks like a query", public(incident.Wording{Title: `"* OR ' | & ! <-> NEAR/3 title: -- )(`}, 0), ""},
			{"the name of a column", public(incident.Wording{Title: "title cause class"}, 0), ""},
		} {
			if test.got != test.want {
				t.Errorf("%s finds %q and not %q", test.what, test.got, test.want)
			}
		}
	})
}

func TestWhatAnIncidentIsFoundByFollowsTheLog(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.titled("i1", "Checkout is down")
		finds := func(w incident.Wording) bool {
			return fx.similar(func(r *storage.Reader) ([]storage.Similar, error) { return r.PublicSimilar(w, 0) }) == "i1"
		}
		certificate := incident.Wording{Title: "Mails bounce", Class: "expired certificate"}
		if finds(certificate) {
			t.Error("found by a class that nobody named")
		}
		must := func(n int, e incident.Event) {
			t.Helper()
			if err := add(fx.Store, fx, n, "i1", e); err != nil {
				t.Fatal(err)
			}
		}
		must(1, incident.QuestionAnswered{Question: "class", Text: "An expired certificate"})
		if !finds(certificate) {
			t.Error("not found by its class")
		}
		must(2, incident.Undone{Command: "c1"})
		if finds(certificate) {
			t.Error("found by a class that was taken back")
		}
		must(3, incident.QuestionAnswered{Question: "cause", Text: strings.Repeat("x", 3000) + " certificates \x00 " + strings.Repeat("many words ", 20_000)})
		must(4, incident.Retitled{From: "Checkout is down", To: "Logins fail"})
		if finds(incident.Wording{Title: "checkout"}) || !finds(incident.Wording{Title: "a login fails"}) {
			t.Error("found by its former title")
		}
		fx.Reopen()
		must(5, incident.Noted{Text: "after a restart"})
		if !finds(incident.Wording{Title: "a login fails"}) {
			t.Error("not found after a restart")
		}
	})
}

// TestAFailedWriteLeavesNothingToFind fails a function after the incident was opened.
func TestAFailedWriteLeavesNothingToFind(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		err := fx.Write(t.Context(), func(tx *storage.Tx) error {
			if _, err := tx.Append(incident.New("i1"), fx.stamp(0), []incident.Event{incident.Opened{Number: 1, Title: "Checkout is down", Severity: 2}}); err != nil {
				return err
			}
			return fmt.Errorf("on purpose")
		})
		if err == nil {
			t.Fatal("it did not fail")
		}
		fx.titled("i2", "Checkout is slow") // takes the number that was not used
		got := fx.similar(func(r *storage.Reader) ([]storage.Similar, error) {
			return r.PublicSimilar(incident.Wording{Title: "checkout"}, 0)
		})
		if got != "i2" {
			t.Errorf("found %q", got)
		}
	})
}

func TestIncidentsFromBeforeAreFoundByTheirTitles(t *testing.T) {
	eachEmpty(t, func(t *testing.T, fx *Fixture) {
		old := fx.upTo(9)
		if _, err := old.ExecContext(t.Context(), `INSERT INTO incident (id, workspace, number, status, severity, title, private, drill, channel_id, channel_name, leader, opened_at, updated_at, version)
			VALUES ('i1', 'local', 1, 'resolved', 2, 'Card Payments fail', 0, 0, '', '', '', 1, 1, 1)`); err != nil {
			t.Fatal(err)
		}
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		fx.Store = fx.Another(fx.Options())
		fx.MustRead(func(r *storage.Reader) error {
			found, err := r.PublicSimilar(incident.Wording{Title: "payments"}, 0)
			if !slices.ContainsFunc(found, func(s storage.Similar) bool { return s.ID == "i1" }) {
				t.Errorf("found %+v", found)
			}
			return err
		})
	})
}

// BenchmarkSimilar looks incidents up among many that share a word.
func BenchmarkSimilar(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *Fixture{"sqlite": SQLite, "postgres": Postgres} {
		b.Run(name, func(b *testing.B) {
			fx := open(b)
			for i := range 2000 {
				fx.titled(incident.ID(fmt.Sprint("i", i)), fmt.Sprint("Checkout of shop", i, " is down in region", i%7))
			}
			w := incident.Wording{Title: "Checkout of shop42 is down in region3"}
			for b.Loop() {
				fx.MustRead(func(r *storage.Reader) error {
					list, err := r.PublicSimilar(w, 0)
					if len(list) == 0 {
						b.Fatal("nothing found")
					}
					return err
				})
			}
		})
	}
}
