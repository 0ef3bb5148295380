package incident_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// leftOf are the ids of what an answer lists as left to do.
func leftOf(d incident.Decision) string {
	var ids []string
	for _, l := range d.Say.Args["left"].([]incident.Args) {
		ids = append(ids, l["what"].(incident.Say).ID)
	}
	return strings.Join(ids, " ")
}

func TestEachRollbackIsRolledForwardOrKept(t *testing.T) {
	w := incidenttest.New(t)
	for n := range w.Incident.Board.Tasks {
		w.Do(ana, incident.FinishTask{Number: n + 1})
	}
	for _, name := range []string{"checkout", "cart"} {
		w.Do(ana, incident.RollBack{Service: name, Result: "done"})
	}
	w.Do(ana, incident.RollBack{Service: "search", Result: "not-needed", Reason: "not deployed"})
	equal(t, "clean-up after mitigating", leftOf(w.Do(ana, incident.Mitigate{})), "left.rollbacks left.repair_unknown")

	d := w.Do(ana, incident.SettleRollback{Service: "checkout", How: incident.RolledForward})
	equal(t, "line", w.LastLine(), "checkout is rolled forward again")
	equal(t, "left", d.Say.Args["left"].(string), "cart")
	w.MustRefuse(ana, incident.SettleRollback{Service: "checkout", How: incident.RolledForward}, incident.Conflict, "rollback_after.same")
	w.MustRefuse(ana, incident.SettleRollback{Service: "search", How: incident.Kept}, incident.Conflict, "rollback_after.not")
	w.MustRefuse(ana, incident.SettleRollback{Service: "db", How: incident.Kept}, incident.Conflict, "rollback_after.not")
	w.MustUndo(ana, incident.SettleRollback{Service: "cart", How: incident.Kept})
	if left := leftOf(w.Do(ana, incident.Resolve{})); !strings.HasPrefix(left, "left.rollbacks") {
		t.Errorf("resolving says that left is %s", left)
	}
	w.Do(ana, incident.SettleRollback{Service: "cart", How: incident.Kept})
	equal(t, "line", w.LastLine(), "cart stays rolled back")

	w.Do(ana, incident.RollBack{Service: "cart", Confirmed: true})
	w.Do(ana, incident.RollBack{Service: "cart", Result: "done"})
	w.Do(ana, incident.SettleRollback{Service: "cart", How: incident.Kept}) // asked anew after another rollback
}

func TestAPracticeEndsWithItsScore(t *testing.T) {
	score := func(d incident.Decision) (found []incident.Say) {
		for _, e := range d.Effects {
			if e.Say.ID == "drill.score" {
				found = append(found, e.Say)
			}
		}
		return found
	}
	w := incidenttest.Empty(t)
	w.Do(ana, incident.OpenIncident{Title: "Practice", Severity: 1, Drill: true, Call: incident.Call{URL: "https://meet.example.org/x", Provider: "jitsi"}})
	opened := w.Incident.Identity.OpenedAt
	w.Advance(2 * time.Minute)
	led := w.Now
	w.Do(ana, incident.Lead{Who: ana})
	w.Do(ana, incident.RollBack{Service: "checkout", Result: "done"})
	w.Do(ana, incident.RateService{Name: "cart", State: incident.Bleeding})
	w.Do(ana, incident.SetDetected{Source: "customer"})
	w.Do(ana, incident.SendUpdate{Text: "we practise"})
	w.Advance(40 * time.Minute) // one update was due meanwhile
	got := score(w.Do(ana, incident.Resolve{}))
	equal(t, "scores", len(got), 1)
	for name, want := range map[string]any{
		"called": true, "call": time.Duration(0), "leads": true, "led": led.Sub(opened), "owned": false,
		"settled": 1, "total": 2, "sent": 1, "due": 2, "detected": "customer", "owner": ana,
	} {
		equal(t, name, got[0].Args[name], want)
	}
	if got := score(incidenttest.New(t).Do(ana, incident.Resolve{})); got != nil {
		t.Errorf("a real incident is scored: %v", got)
	}
}
