package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestRollback(t *testing.T) {
	w := incidenttest.New(t, withServices)
	for _, step := range []struct {
		by          incident.PersonID
		c           incident.RollBack
		state       incident.ServiceState
		owner       incident.PersonID
		line, count string
	}{
		{bob, incident.RollBack{Service: "checkout"}, incident.RollingNow, bob, "also to check with checkout: cart, payments", "0 of 3"},
		{cleo, incident.RollBack{Service: "checkout", Result: "failed", Reason: "migration"}, incident.RollFailed, bob, "rolling back checkout failed: migration", "0 of 3"},
		{cleo, incident.RollBack{Service: "checkout"}, incident.RollingNow, cleo, "rolling back checkout", "0 of 3"},
		{ana, incident.RollBack{Service: "checkout", Result: "done"}, incident.RolledBack, cleo, "checkout is rolled back", "1 of 3"},
		{ana, incident.RollBack{Service: "cart", Result: "done"}, incident.RolledBack, ana, "cart is rolled back", "2 of 3"},
		{ana, incident.RollBack{Service: "payments", Result: "not-needed", Reason: "no release"}, incident.NotNeeded, incident.System, "payments needs no rollback: no release", "3 of 3"},
		{ana, incident.RollBack{Service: "checkout", Confirmed: true}, incident.RollingNow, ana, "rolling back checkout", "2 of 3"},
	} {
		d := w.Do(step.by, step.c)
		s, _ := w.Incident.Board.Service(step.c.Service)
		equal(t, step.line+": state", s.State, step.state)
		equal(t, step.line+": owner", s.Owner, step.owner)
		equal(t, "line", w.LastLine(), step.line)
		settled, total := w.Incident.Board.RollbackCount()
		equal(t, step.line+": settled", d.Say.Args["settled"], any(settled))
		equal(t, step.line+": total", d.Say.Args["total"], any(total))
		equal(t, step.line+": count", string(rune('0'+settled))+" of "+string(rune('0'+total)), step.count)
	}
	w.MustUndo(ana, incident.RollBack{Service: "checkout", Result: "done"})
}

func TestRollbackAsksBeforeASecondOne(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(bob, incident.RollBack{Service: "checkout"})
	w.MustRefuse(bob, incident.RollBack{Service: "checkout"}, incident.Conflict, "rollback.twice")
	e := w.MustRefuse(ana, incident.RollBack{Service: "checkout"}, incident.Ask, "rollback.again")
	incidenttest.MustOffer(t, e.Choices, "rollback checkout")
	equal(t, "whose it is", e.Say.Args["owner"], any(bob))
	w.Do(bob, incident.RollBack{Service: "checkout", Result: "done"})
	w.MustRefuse(bob, incident.RollBack{Service: "checkout"}, incident.Ask, "rollback.again")
	w.MustRefuse(ana, incident.RollBack{Service: "checkout", Result: "done"}, incident.Conflict, "rollback.same")
}

func TestRollbackRefusals(t *testing.T) {
	w := incidenttest.New(t, withServices)
	refused(t, w, []refusal{
		{"not needed, no reason", incident.RollBack{Service: "cart", Result: "not-needed"}, incident.Invalid, "rollback.no_reason"},
		{"no such result", incident.RollBack{Service: "cart", Result: "maybe"}, incident.Invalid, "rollback.result"},
		{"too long", incident.RollBack{Service: "cart", Result: "failed", Reason: tooLong}, incident.Invalid, "refuse.long"},
	})
	e := w.MustRefuse(ana, incident.RollBack{Service: "kart", Result: "not-needed", Reason: "no release"}, incident.Ask, "service.unknown")
	incidenttest.MustOffer(t, e.Choices, "rollback cart not-needed no release", "rollback kart not-needed no release")
	w.MustRefuse(guest, incident.RollBack{Service: "cart"}, incident.Forbidden, "refuse.guest")
}
