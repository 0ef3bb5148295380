package incident_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// withServices is a policy with services of which two belong to checkout.
var withServices = incidenttest.WithPolicy(func(p *incident.Policy) {
	p.Services = []incident.ServicePolicy{
		{Name: "checkout", Related: []string{"cart", "payments", "cart"}},
		{Name: "cart"},
		{Name: "payments"},
		{Name: "search-api"},
		{Name: "search-index"},
	}
})

func TestServicePutsRelatedOnesOnTheBoard(t *testing.T) {
	w := incidenttest.New(t, withServices)
	w.Do(ana, incident.RateService{Name: "cart", State: incident.Clear})
	d := w.Do(bob, incident.RateService{Name: "Checkout", State: incident.Bleeding})
	equal(t, "answer", words(t, d.Say), "`checkout` is *bleeding*. Related and on the board now: payments. 1 of 3 rolled back or cleared.")
	equal(t, "lines", strings.Join(w.Lines()[len(w.Lines())-2:], "; "), "checkout is bleeding; also to check with checkout: payments")
	cart, _ := w.Incident.Board.Service("cart")
	equal(t, "what was known stays", cart.State, incident.Clear)
	payments, _ := w.Incident.Board.Service("payments")
	equal(t, "related", payments.State, incident.Unrated)
	d = w.Do(bob, incident.RateService{Name: "checkout", State: incident.Clear})
	settled, total := w.Incident.Board.RollbackCount()
	equal(t, "count said", d.Say.Args["settled"], any(settled))
	equal(t, "of", total, 3)
	w.MustUndo(cleo, incident.RateService{Name: "payments", State: incident.Suspect})
}

func TestServiceOpenedWithBringsItsRelatedOnes(t *testing.T) {
	w := incidenttest.Empty(t, withServices)
	w.Do(ana, incident.OpenIncident{Title: "Checkout is down", Services: []string{"checkout"}})
	equal(t, "rows", len(w.Incident.Board.Services), 3)
	checkout, _ := w.Incident.Board.Service("checkout")
	equal(t, "checkout", checkout.State, incident.Suspect)
}

func TestServiceUnknownAsks(t *testing.T) {
	for _, tt := range []struct {
		name string
		near []string
	}{
		{"chekout", []string{"service checkout bleeding", "service chekout bleeding"}},
		{"search", []string{"service search-api bleeding", "service search-index bleeding", "service search bleeding"}},
		{"checkout-eu", []string{"service checkout bleeding", "service checkout-eu bleeding"}},
		{"mail", []string{"service mail bleeding"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := incidenttest.New(t, withServices)
			c := incident.RateService{Name: tt.name, State: incident.Bleeding}
			e := w.MustRefuse(ana, c, incident.Ask, "service.unknown")
			incidenttest.MustOffer(t, e.Choices, tt.near...)
			equal(t, "the last button means it", e.Choices[len(e.Choices)-1].Confirmed, true)
			c.Confirmed = true
			w.Do(ana, c)
			w.Do(ana, incident.RateService{Name: tt.name, State: incident.Clear}) // on the board now: known
		})
	}
}

func TestServiceWithoutConfiguredOnesTakesAnyName(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.RateService{Name: "db_1.eu-west"})
	s, _ := w.Incident.Board.Service("db_1.eu-west")
	equal(t, "state", s.State, incident.Unrated)
	equal(t, "line", w.LastLine(), "db_1.eu-west is on the board")
	at := w.Now
	w.Do(bob, incident.RateService{Name: "db_1.eu-west", State: incident.Suspect})
	e := w.MustRefuse(ana, incident.RateService{Name: "db_1.eu-west", State: incident.Suspect}, incident.Conflict, "service.same")
	equal(t, "says who", e.Say.Args["by"], any(bob))
	equal(t, "says when", e.Say.Args["at"], any(at))
	refused(t, w, []refusal{
		{"no state for a known one", incident.RateService{Name: "db_1.eu-west"}, incident.Conflict, "service.known"},
		{"no such state", incident.RateService{Name: "db", State: "broken"}, incident.Invalid, "service.state"},
		{"what only a rollback says", incident.RateService{Name: "db", State: incident.RollingNow}, incident.Invalid, "service.state"},
		{"no name", incident.RateService{State: incident.Clear}, incident.Invalid, "service.name"},
		{"two words", incident.RateService{Name: "the db", State: incident.Clear}, incident.Invalid, "service.name"},
		{"other letters", incident.RateService{Name: "kärt", State: incident.Clear}, incident.Invalid, "service.name"},
		{"too long", incident.RateService{Name: strings.Repeat("a", 101), State: incident.Clear}, incident.Invalid, "service.name"},
	})
}
