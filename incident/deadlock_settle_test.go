package incident_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestDeadlockSettleIsADecision(t *testing.T) {
	w := incidenttest.Led(t)
	w.Do(bob, incident.RaiseDeadlock{Question: "fail over to EU?"})
	seq := w.Incident.Head
	w.MustRefuse(bob, incident.SettleDeadlock{Entry: seq, Text: "yes"}, incident.Forbidden, "deadlock_settle.not_leader")
	w.MustUndo(ana, incident.SettleDeadlock{Entry: seq, Text: "no"})
	at := w.Now
	d := w.Do(ana, incident.SettleDeadlock{Entry: seq, Text: "yes, at 15:00"})
	made := w.Incident.Log.Decisions[0]
	equal(t, "decision", made.Text, "fail over to EU? “yes, at 15:00”")
	equal(t, "its seq", made.Seq, w.Incident.Head)
	equal(t, "its id", d.Say.Args["id"], any(incident.EntryID(made.Seq)))
	equal(t, "line", w.LastLine(), "decided: fail over to EU? “yes, at 15:00”")
	e := w.MustRefuse(ana, incident.SettleDeadlock{Entry: seq, Text: "no"}, incident.Conflict, "deadlock_settle.twice")
	equal(t, "says by whom", e.Say.Args["by"], any(ana))
	equal(t, "says when", e.Say.Args["at"], any(at))
}

func TestDeadlockSettleRefusals(t *testing.T) {
	w := incidenttest.Led(t)
	w.Do(bob, incident.RaiseDeadlock{Question: strings.Repeat("a", incident.TextLimit-10)})
	seq := w.Incident.Head
	refused(t, w, []refusal{
		{"no question", incident.SettleDeadlock{Entry: 1, Text: "yes"}, incident.NotFound, "deadlock_settle.unknown"},
		{"no answer", incident.SettleDeadlock{Entry: seq}, incident.Invalid, "deadlock_settle.empty"},
		{"both together too long", incident.SettleDeadlock{Entry: seq, Text: "yes, but later"}, incident.Invalid, "refuse.long"},
	})
	w.Do(ana, incident.SettleDeadlock{Entry: seq, Text: "yes"})
}

func TestDeadlockSettleWhileNobodyLeads(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(bob, incident.RaiseDeadlock{Question: "fail over?"})
	d := w.Do(cleo, incident.SettleDeadlock{Entry: w.Incident.Head, Text: "yes"})
	equal(t, "hints that nobody leads", d.Say.Args["leaderless"], any(true))
}
