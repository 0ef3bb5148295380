package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestLeadAccept(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Lead{Who: bob})
	named := w.Now
	d := w.Do(bob, incident.AcceptLead{})
	equal(t, "leader", w.Incident.Leadership.Leader, bob)
	equal(t, "whoever asked hears", words(t, d.Effects[0].Say), "@Bob leads INC-7 now.")
	p, _ := w.Incident.Stamps.Last(incident.LeaderNamed)
	q, _ := w.Incident.Stamps.Last(incident.LeaderAccepted)
	equal(t, "named before accepted", p.At.Before(q.At), true)
	equal(t, "accepted at", q.At, named)
	w.MustRefuse(bob, incident.AcceptLead{}, incident.Conflict, "lead.already")
	w.MustRefuse(ana, incident.AcceptLead{}, incident.Conflict, "lead_accept.nobody")
}

func TestLeadAcceptIsForWhoWasAsked(t *testing.T) {
	w := incidenttest.New(t)
	w.MustRefuse(ana, incident.AcceptLead{}, incident.Conflict, "lead_accept.nobody")
	w.Do(ana, incident.Lead{Who: bob})
	e := w.MustRefuse(cleo, incident.AcceptLead{}, incident.Forbidden, "lead_accept.other")
	equal(t, "says who was asked", e.Say.Args["who"], any(bob))
	w.MustUndo(bob, incident.AcceptLead{})
	equal(t, "asked again", w.Incident.Leadership.Named, bob)
}
