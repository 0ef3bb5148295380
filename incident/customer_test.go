package incident_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestCustomer(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(ana, incident.AddCustomer{Name: " Acme   Ltd "})
	equal(t, "answer", words(t, d.Say), "Acme Ltd is on the list of customers to tell; 1 not told yet.")
	equal(t, "line", w.LastLine(), "customer to be told: Acme Ltd")
	e := w.MustRefuse(bob, incident.AddCustomer{Name: "ACME ltd"}, incident.Conflict, "customer.known")
	equal(t, "told", e.Say.Args["told"], any(false))

	w.MustUndo(bob, incident.TellCustomer{Name: "Acme Ltd", By: bob})
	at := w.Now
	d = w.Do(bob, incident.TellCustomer{Name: "acme LTD", By: bob})
	acme, _ := w.Incident.Board.Customer("Acme Ltd")
	equal(t, "told", acme.Told, true)
	equal(t, "by", acme.ToldBy, bob)
	equal(t, "at", acme.At, at)
	equal(t, "rows", len(w.Incident.Board.Customers), 1)
	equal(t, "line", w.LastLine(), "customer told: Acme Ltd")
	equal(t, "left", d.Say.Args["left"], any(0))
	e = w.MustRefuse(ana, incident.TellCustomer{Name: "Acme Ltd", By: ana}, incident.Conflict, "customer.told_already")
	equal(t, "says who", e.Say.Args["by"], any(bob))
}

func TestCustomerToldByAnotherAndNotListedBefore(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.AddCustomer{Name: "Acme"})
	d := w.Do(ana, incident.TellCustomer{Name: "Globex", By: cleo})
	globex, ok := w.Incident.Board.Customer("globex")
	equal(t, "on the list", ok, true)
	equal(t, "by", globex.ToldBy, cleo)
	equal(t, "line", w.LastLine(), "customer told by Cleo: Globex")
	equal(t, "left", d.Say.Args["left"], any(1))
}

func TestCustomerRefusals(t *testing.T) {
	refused(t, incidenttest.New(t), []refusal{
		{"no name", incident.AddCustomer{Name: " "}, incident.Invalid, "customer.no_name"},
		{"no name told", incident.TellCustomer{}, incident.Invalid, "customer.no_name"},
		{"too long", incident.AddCustomer{Name: strings.Repeat("a", 101)}, incident.Invalid, "customer.long"},
		{"told by an app", incident.TellCustomer{Name: "Acme", By: incidenttest.Robot}, incident.Invalid, "refuse.person.bot"},
	})
}
