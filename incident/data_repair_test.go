package incident_test

import (
	"slices"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestDataToRepairIsAskedForUntilSomebodySays(t *testing.T) {
	w := incidenttest.Led(t)
	left := func() (ids []string) {
		for _, s := range w.Incident.LeftOpen() {
			ids = append(ids, s.ID)
		}
		return ids
	}
	equal(t, "asked from the start", slices.Contains(left(), "left.repair_unknown"), true)
	w.MustRefuse(ana, incident.RepairData{State: incident.RepairDone}, incident.Conflict, "data_repair.nothing")
	w.MustRefuse(ana, incident.RepairData{State: incident.RepairNeeded}, incident.Invalid, "data_repair.empty")
	w.Do(ana, incident.RepairData{State: incident.RepairNone})
	equal(t, "answered", slices.Contains(left(), "left.repair_unknown"), false)
	w.MustRefuse(bob, incident.RepairData{State: incident.RepairNone}, incident.Conflict, "data_repair.same")
	w.Do(ana, incident.Undo{})
	equal(t, "asked again", slices.Contains(left(), "left.repair_unknown"), true)
	w.Do(bob, incident.RepairData{State: incident.RepairNeeded, Text: "orders without a payment"})
	d := w.Do(ana, incident.Mitigate{})
	incidenttest.MustOffer(t, d.Choices, "repair done", "impact")
	equal(t, "left", slices.Contains(left(), "left.repair"), true)
	done := w.Do(bob, incident.RepairData{State: incident.RepairDone, Text: "refunded"})
	equal(t, "the rest of the clean-up", len(done.Say.Args["left"].([]incident.Args)), 1) // the default tasks
	equal(t, "what it was", w.Incident.Board.Repair.What, "orders without a payment")
	for _, id := range left() {
		equal(t, "left of it", id == "left.repair" || id == "left.repair_unknown", false)
	}
	equal(t, "on the timeline", slices.Contains(w.Lines(), "the data is repaired: refunded"), true)
}
