package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestDeadlockIsPutToTheLeader(t *testing.T) {
	w := incidenttest.Led(t)
	d := w.Do(bob, incident.RaiseDeadlock{Question: "fail over to EU?"})
	id := incident.EntryID(w.Incident.Head)
	equal(t, "line", w.LastLine(), "question to the leader: fail over to EU?")
	equal(t, "the channel hears", words(t, d.Effects[0].Say),
		"@Ana: @Bob needs a decision on INC-7: fail over to EU?\nAnother answer: `deadlock settle "+id+" TEXT`")
	incidenttest.MustOffer(t, d.Effects[0].Choices, "deadlock settle "+id+" yes", "deadlock settle "+id+" no")
	w.MustRefuse(cleo, incident.RaiseDeadlock{Question: "Fail over to EU"}, incident.Conflict, "deadlock.twice")
	w.MustUndo(cleo, incident.RaiseDeadlock{Question: "tell customers now?"})
	refused(t, w, []refusal{
		{"nothing", incident.RaiseDeadlock{}, incident.Invalid, "deadlock.empty"},
		{"too long", incident.RaiseDeadlock{Question: tooLong}, incident.Invalid, "refuse.long"},
		{"by the leader", incident.RaiseDeadlock{Question: "which one?"}, incident.Conflict, "deadlock.leader"},
	})
}

func TestDeadlockWithoutALeaderOffersTheLead(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(bob, incident.RaiseDeadlock{Question: "fail over?"})
	id := incident.EntryID(w.Incident.Head)
	incidenttest.MustOffer(t, d.Effects[0].Choices, "deadlock settle "+id+" yes", "deadlock settle "+id+" no", "lead me")
}

func TestDeadlockRemindsOnce(t *testing.T) {
	for _, tt := range []struct {
		name string
		then func(*incidenttest.World, int64)
		want int // reminders within an hour
	}{
		{"nobody answers", func(*incidenttest.World, int64) {}, 1},
		{"the leader answers", func(w *incidenttest.World, seq int64) {
			w.Do(ana, incident.SettleDeadlock{Entry: seq, Text: "no"})
		}, 0},
		{"the answer is taken back", func(w *incidenttest.World, seq int64) {
			w.Do(ana, incident.SettleDeadlock{Entry: seq, Text: "no"})
			w.Do(ana, incident.Undo{})
		}, 1},
		{"it is over", func(w *incidenttest.World, _ int64) { w.Do(ana, incident.Resolve{}) }, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := incidenttest.Led(t)
			raised := w.Now
			w.Do(bob, incident.RaiseDeadlock{Question: "fail over?"})
			seq := w.Incident.Head
			equal(t, "due", w.Due("deadlock"), raised.Add(5*time.Minute))
			tt.then(w, seq)
			reminders := 0
			for _, id := range posted(w.Advance(time.Hour)) {
				if id == "deadlock.remind" {
					reminders++
				}
			}
			equal(t, "reminders", reminders, tt.want)
		})
	}
}
