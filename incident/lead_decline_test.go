package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestLeadDecline(t *testing.T) {
	w := incidenttest.Led(t)
	w.Do(ana, incident.Lead{Who: bob})
	w.MustRefuse(cleo, incident.DeclineLead{}, incident.Forbidden, "lead_accept.other")
	d := w.Do(bob, incident.DeclineLead{})
	equal(t, "leader", w.Incident.Leadership.Leader, ana)
	equal(t, "named", w.Incident.Leadership.Named, incident.System)
	equal(t, "line", w.LastLine(), "Bob cannot lead")
	equal(t, "the channel hears", words(t, d.Effects[0].Say), "@Ana: @Bob cannot lead INC-7. @Ana goes on leading; `handover @user` asks somebody else.")
	equal(t, "buttons", len(d.Effects[0].Choices), 0)
	w.MustRefuse(bob, incident.DeclineLead{}, incident.Conflict, "lead_accept.nobody")
	w.Do(ana, incident.Lead{Who: bob}) // may be asked again
	w.MustUndo(bob, incident.DeclineLead{})
}

func TestLeadDeclineWithoutALeaderOffersTheLead(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Lead{Who: bob})
	d := w.Do(bob, incident.DeclineLead{})
	incidenttest.MustOffer(t, d.Effects[0].Choices, "lead me")
}
