package incident_test

import (
	"slices"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestFollow(t *testing.T) {
	w := incidenttest.New(t, incidenttest.WithPolicy(func(p *incident.Policy) { p.Executives = []incident.PersonID{cleo} }))
	lines := len(w.Lines())
	w.Do(bob, incident.Follow{On: true})
	w.Do(ana, incident.Follow{On: true})
	equal(t, "audience", slices.Equal(w.Incident.Audience(w.Policy), []incident.PersonID{cleo, bob, ana}), true)
	w.MustRefuse(bob, incident.Follow{On: true}, incident.Conflict, "follow.twice")
	w.Do(bob, incident.Follow{})
	equal(t, "audience", slices.Equal(w.Incident.Audience(w.Policy), []incident.PersonID{cleo, ana}), true)
	w.MustRefuse(bob, incident.Follow{}, incident.Conflict, "follow.not")
	e := w.MustRefuse(cleo, incident.Follow{}, incident.Conflict, "follow.not")
	equal(t, "says why the updates come all the same", e.Say.Args["executive"], any(true))
	equal(t, "timeline", len(w.Lines()), lines)
	w.MustUndo(ana, incident.Follow{})
	w.MustRefuse(incident.System, incident.Follow{On: true}, incident.Forbidden, "refuse.verb")
}

func TestFollowOfAPrivateIncident(t *testing.T) {
	w := incidenttest.Empty(t)
	w.Do(ana, incident.OpenIncident{Title: "Payroll", Private: true})
	w.MustRefuse(ana, incident.Follow{On: true}, incident.Conflict, "follow.private")
}
