package rfo_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	. "github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
)

func TestTheVersionForCustomersIsApprovedBySomebodyElse(t *testing.T) {
	w := resolved(t)
	version := func() rfo.CustomerDocument {
		return rfo.Customer(rfo.Build(w.Incident, w.Records, staff, rfo.Options{}), rfo.CustomerTextOf(w.Incident, staff))
	}
	for _, part := range []string{"summary", "happened", "measures", "contact"} {
		w.Do(Ana, incident.WriteCustomer{Part: part, Text: "We are sorry. Orders failed."})
	}
	w.Do(Bob, incident.WriteCustomer{Part: "final"})
	d := version()
	if d.Status != "final" || d.Text.Summary != "We are sorry. Orders failed." {
		t.Fatalf("it is %+v", d)
	}
	w.MustRefuse(Ana, incident.ApproveCustomer{Hash: d.Hash()}, incident.Forbidden, "rfo_customer.own")
	w.MustRefuse(Bob, incident.ApproveCustomer{Hash: d.Hash(), Blocking: 1}, incident.Conflict, "rfo_customer.blocked")
	w.Do(Bob, incident.ApproveCustomer{Hash: d.Hash()})
	approved := func() bool {
		_, ok := w.Incident.Review.Paper.Customer.ApprovedAs(version().Hash())
		return ok
	}
	if !approved() {
		t.Error("the approval does not count")
	}
	w.MustRefuse(Cleo, incident.ApproveCustomer{Hash: version().Hash()}, incident.Conflict, "rfo_customer.twice")
	w.Do(Ana, incident.WriteCustomer{Part: "contact", Text: "support@example.com"})
	if approved() {
		t.Error("other words are approved as well")
	}
	w.MustRefuse(Ana, incident.WriteCustomer{Part: "cause", Text: "x"}, incident.Invalid, "rfo_customer.unknown")
	w.MustRefuse(Ana, incident.WriteCustomer{Part: "contact"}, incident.Invalid, "rfo_customer.empty")
}
