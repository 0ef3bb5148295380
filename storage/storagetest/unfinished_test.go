package storagetest

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// keysOf are the ids of a list of incidents.
func (fx *Fixture) keysOf(list func(*storage.Reader) ([]storage.Brief, error)) string {
	fx.t.Helper()
	var ids []string
	fx.MustRead(func(r *storage.Reader) error {
		ids = nil
		all, err := list(r)
		for _, b := range all {
			ids = append(ids, string(b.ID))
		}
		return err
	})
	return strings.Join(ids, " ")
}

func (fx *Fixture) withActions(actor incident.PersonID) string {
	fx.t.Helper()
	return fx.keysOf(func(r *storage.Reader) ([]storage.Brief, error) { return r.VisibleWithActions(actor) })
}

func (fx *Fixture) unfinished() string {
	fx.t.Helper()
	return fx.keysOf((*storage.Reader).RawUnfinished)
}

var anAction = incident.ActionAdded{Number: 1, Text: "alert on the age", Owner: "full", Due: incident.Civil{Year: 2026, Month: 5, Day: 1}}

func TestWhatIsUnfinishedFollowsTheLog(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.people()
		for _, id := range []incident.ID{"i1", "i2", "i3"} {
			fx.opened(id)
		}
		step := 0
		must := func(id incident.ID, e incident.Event) {
			t.Helper()
			step++
			if err := add(fx.Store, fx, step, id, e); err != nil {
				t.Fatal(err)
			}
		}
		expect := func(when, actions, all string) {
			t.Helper()
			if got := fx.withActions("full"); got != actions {
				t.Errorf("%s: open actions are in %q, not %q", when, got, actions)
			}
			if got := fx.unfinished(); got != all {
				t.Errorf("%s: unfinished are %q, not %q", when, got, all)
			}
		}
		expect("at first", "", "")
		must("i1", anAction)
		must("i3", anAction)
		expect("with two actions", "i3 i1", "i3 i1")
		must("i2", incident.WasResolved{})
		expect("with an RFO that is owed", "i3 i1", "i3 i2 i1")
		must("i3", incident.ActionFinished{Number: 1})
		expect("when one is done", "i1", "i2 i1")
		fx.Reopen()
		must("i1", incident.ActionFinished{Number: 1})
		must("i2", incident.RFOSkipped{Reason: "nothing broke"})
		expect("when all is done, after a restart", "", "")
	})
}

func TestActionsOfHiddenIncidentsAreHidden(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.people()
		fx.opened("public")
		fx.opened("private", func(e *incident.Opened) { e.Private = true })
		fx.MustWrite(func(tx *storage.Tx) error { return tx.AddMember("private", "member", fx.Now.Time()) })
		for n, id := range []incident.ID{"public", "private"} {
			if err := add(fx.Store, fx, n+1, id, anAction); err != nil {
				t.Fatal(err)
			}
		}
		for actor, want := range map[incident.PersonID]string{"full": "public", "member": "private public", "guest": "", "gone": "", incident.System: ""} {
			if got := fx.withActions(actor); got != want {
				t.Errorf("%q sees actions of %q, not %q", actor, got, want)
			}
		}
		if got := fx.keysOf((*storage.Reader).PublicWithActions); got != "public" {
			t.Errorf("programs see actions of %q", got)
		}
		narrow := func(r *storage.Reader) ([]storage.Brief, error) {
			return r.WithoutPrivate().VisibleWithActions("member")
		}
		if got := fx.keysOf(narrow); got != "public" {
			t.Errorf("a member sees %q where private ones do not exist", got)
		}
	})
}

func TestAFailedWriteLeavesNothingUnfinished(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.people()
		fx.opened("i1")
		err := fx.Write(t.Context(), func(tx *storage.Tx) error {
			inc, err := tx.RawIncident("i1")
			if err != nil {
				return err
			}
			if _, err := tx.Append(inc, fx.stamp(1), []incident.Event{anAction}); err != nil {
				return err
			}
			return fmt.Errorf("taken back")
		})
		if err == nil || fx.withActions("full") != "" {
			t.Errorf("%v, and %q", err, fx.withActions("full"))
		}
		if err := add(fx.Store, fx, 2, "i1", anAction); err != nil || fx.withActions("full") != "i1" {
			t.Errorf("%v, and %q", err, fx.withActions("full"))
		}
	})
}

func TestWhatWasUnfinishedBeforeIsFound(t *testing.T) {
	eachEmpty(t, func(t *testing.T, fx *Fixture) {
		old := fx.upTo(13)
		for n, of := range map[int]struct{ status, kind string }{
			1: {"resolved", "action.added"}, 2: {"resolved", "rfo.published"}, 3: {"resolved", "noted"}, 4: {"open", "noted"}, 5: {"open", "action.added"},
		} {
			for _, s := range []string{
				fmt.Sprintf(`INSERT INTO incident (id, workspace, number, status, severity, title, private, drill, channel_id, channel_name, leader, opened_at, updated_at, version)
					VALUES ('i%d', 'local', %d, '%s', 2, 'Checkout is down', 0, 0, '', '', '', 1, 1, 1)`, n, n, of.status),
				fmt.Sprintf(`INSERT INTO event (incident, seq, kind, version, at, occurred, actor, command, surface, body)
					VALUES ('i%d', 1, '%s', 1, 1, 1, 'ana', 'c1', 'slash', '{}')`, n, of.kind),
			} {
				if _, err := old.ExecContext(t.Context(), s); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		fx.Store = fx.Another(fx.Options())
		if got := fx.unfinished(); got != "i5 i3 i1" {
			t.Errorf("unfinished are %q", got)
		}
		if got := fx.keysOf((*storage.Reader).PublicWithActions); got != "i5 i1" {
			t.Errorf("open actions may be in %q", got)
		}
	})
}

func TestPeopleAreFoundByEmail(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		store := func(p storage.Person) {
			t.Helper()
			fx.MustWrite(func(tx *storage.Tx) error { _, err := tx.UpsertPerson(p); return err })
		}
		expect := func(address, want string) {
			t.Helper()
			look := func(r *storage.Reader) error {
				p, ok, err := r.PersonByEmail(address)
				if p.SlackID != want || ok != (want != "") {
					t.Errorf("%q is %q (%v)", address, p.SlackID, ok)
				}
				return err
			}
			fx.MustRead(look)
			for range 2 { // the writer remembers what it asked
				fx.MustWrite(func(tx *storage.Tx) error { return look(tx.Reader) })
			}
		}
		store(storage.Person{SlackID: "U0"})
		store(storage.Person{SlackID: "U1", Email: "Max@Example.org"})
		expect("max@example.org", "U1")
		expect("MAX@EXAMPLE.ORG", "U1")
		expect("nobody@example.org", "")
		expect("", "")
		store(storage.Person{SlackID: "U2", Email: "max@example.org"})
		store(storage.Person{SlackID: "U1", Email: "moritz@example.org"})
		expect("max@example.org", "U2")
		store(storage.Person{SlackID: "U2", Email: "max@example.org", Deleted: true})
		expect("max@example.org", "")
	})
}

// TestListsDoNotReadEveryIncident holds the queries that people and the writer wait
// for to indexes that hold only what they are about.
func TestListsDoNotReadEveryIncident(t *testing.T) {
	fx := SQLite(t)
	db, err := sql.Open("sqlite3", "file:"+strings.TrimPrefix(fx.URL, "sqlite:")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for what, query := range storage.Lists {
		plan := explained(t, db, query)
		if strings.Contains(plan, "SCAN i") || strings.Contains(plan, "i USING INDEX sqlite_autoindex_incident_2 (workspace=?)") || strings.Contains(plan, "SCAN person") || strings.Contains(plan, "person USING INDEX sqlite_autoindex") {
			t.Errorf("%s reads everything:\n%s", what, plan)
		}
	}
}

func explained(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var values []any
	for n := 1; strings.Contains(query, fmt.Sprint("$", n)); n++ {
		values = append(values, fmt.Sprint(n))
	}
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+strings.ReplaceAll(query, "$", "?"), values...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, none int
		var step string
		if err := rows.Scan(&id, &parent, &none, &step); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&plan, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
