package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// writes is a message of somebody's in a channel, as Slack tells of it.
func (w *world) writes(user, channel string) {
	w.t.Helper()
	if err := w.bot.Observe(w.t.Context(), bot.Happening{Type: bot.Present, Team: "T1", User: user, Channel: channel}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) seen(id incident.ID) map[incident.PersonID]incident.Presence {
	w.t.Helper()
	var seen map[incident.PersonID]incident.Presence
	if err := w.store.Read(w.t.Context(), func(r *storage.Reader) (err error) {
		seen, err = r.RawSeen(id)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return seen
}

// due is when a clock of an incident rings; the zero time when it does not.
func (w *world) due(id incident.ID, kind string) time.Time {
	w.t.Helper()
	var at time.Time
	if err := w.store.Read(w.t.Context(), func(r *storage.Reader) error {
		dues, err := r.Dues(id)
		for _, d := range dues {
			if d.Kind == kind {
				at = d.At
			}
		}
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return at
}

// fire lets a clock ring as the worker does: its row is taken first.
func (w *world) fire(id incident.ID, kind string) {
	w.t.Helper()
	w.write(func(tx *storage.Tx) error {
		_, err := tx.TakeDues(w.clock.Now(), 100)
		return err
	})
	if err := w.bot.Do(w.t.Context(), id, incident.Fire{Due: incident.Due{Kind: kind, At: w.clock.Now()}}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) personID(user string) incident.PersonID {
	w.t.Helper()
	var id incident.PersonID
	if err := w.store.Read(w.t.Context(), func(r *storage.Reader) error {
		p, err := r.PersonBySlack(user)
		id = p.ID
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return id
}

func silentAfter(p *incident.Policy) { p.Clocks.SilentLeader = 20 * time.Minute }

func TestOnlyThatSomebodyWasThereIsKept(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open One", "C1")
	ana := w.personID("U1")
	head := w.incident(inc.ID).Head
	for range 30 { // seconds apart
		w.writes("U1", "C1")
		w.clock.Advance(time.Second)
	}
	w.writes("U1", "C-elsewhere")
	w.writes("U9", "C1") // a stranger
	if got := w.seen(inc.ID); len(got) != 1 || got[ana].Times != 1 || !got[ana].Last.Equal(start) {
		t.Errorf("after 30 messages in half a minute there is %v", got)
	}
	w.clock.Advance(time.Minute)
	w.writes("U1", "C1")
	if got := w.seen(inc.ID)[ana]; got.Times != 2 || !got.Last.Equal(start.Add(90*time.Second)) {
		t.Errorf("a message later there is %v", got)
	}
	if w.incident(inc.ID).Head != head {
		t.Error("the log tells of messages")
	}
}

func TestALeaderWhoWritesIsNotAskedAfter(t *testing.T) {
	w := newWorld(t, silentAfter)
	inc := w.open("U1", "open sev1 One", "C1")
	w.does("U1", "C1", "lead me")
	rings := func(after time.Duration) {
		t.Helper()
		if got := w.due(inc.ID, incident.SilentLeader); !got.Equal(start.Add(after)) {
			t.Errorf("asked at %v and not %v", got, start.Add(after))
		}
	}
	rings(20 * time.Minute)
	w.clock.Advance(12 * time.Minute)
	w.writes("U1", "C1")
	w.clock.Advance(8 * time.Minute)
	w.fire(inc.ID, incident.SilentLeader) // looks again, and waits on
	rings(33 * time.Minute)
	w.clock.Advance(13 * time.Minute)
	w.fire(inc.ID, incident.SilentLeader)
	if w.incident(inc.ID).Leadership.Missed.IsZero() {
		t.Fatal("a silent leader was not asked after")
	}
	if got := w.due(inc.ID, incident.SilentLeader); !got.IsZero() {
		t.Errorf("in one silence they are asked after again, at %v", got)
	}
	w.clock.Advance(time.Minute)
	w.writes("U1", "C1") // back without a command
	rings(55 * time.Minute)
	mustSay(t, w.says("U1", "C1", "lead me"), bot.Done, "You lead INC-1 on.")
}

// Who is on call is named by e-mail address there and by person here.
func TestWhoeverIsOnCallIsNominated(t *testing.T) {
	w := newWorld(t)
	w.write(func(tx *storage.Tx) error {
		p, err := tx.PersonBySlack("U3")
		if err != nil {
			return err
		}
		p.Email = "carl@example.org"
		if _, err = tx.UpsertPerson(p); err != nil {
			return err
		}
		return tx.SetMeta(bot.MetaOnCall, `{"At":"2026-03-04T14:00:00Z","Ways":[{"Service":"","People":[
			{"Level":1,"Name":"Nobody","Email":"nobody@example.org"},{"Level":2,"Name":"Carl","Email":"Carl@example.org"}]}]}`)
	})
	inc := w.open("U1", "open One", "C1")
	w.clock.Advance(5 * time.Minute)
	w.fire(inc.ID, "leader.nominate")
	if got := w.incident(inc.ID).Leadership.Named; got != w.personID("U3") {
		t.Errorf("nominated is %v", got)
	}
}

func TestTasksNameWhoHasNone(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	w.does("U1", "C1", "lead me")
	w.does("U2", "C1", "note I am here")
	w.writes("U3", "C1")
	mustSay(t, w.says("U1", "C1", "tasks"), bot.Shown, "Without a task: <@U3>, <@U2>")
	w.does("U1", "C1", "task assign T1 <@U3>")
	mustSay(t, w.says("U1", "C1", "tasks"), bot.Shown, "Without a task: <@U2>")
	if a := w.says("U1", "C1", "tasks <@U3>"); strings.Contains(a.Text, "Without") {
		t.Errorf("asked about one person: %s", a.Text)
	}
	w.does("U1", "C1", "resolve")
	if a := w.says("U1", "C1", "tasks"); strings.Contains(a.Text, "Without") {
		t.Errorf("when it is over: %s", a.Text)
	}
}
