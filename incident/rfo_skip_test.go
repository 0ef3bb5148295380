package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestRFOSkipNeedsAnEndAndAReason(t *testing.T) {
	w := incidenttest.New(t)
	w.MustRefuse(ana, incident.SkipRFO{Reason: "x"}, incident.Conflict, "rfo_skip.not_resolved")
	w.Do(ana, incident.Resolve{})
	refused(t, w, []refusal{
		{"no reason", incident.SkipRFO{}, incident.Invalid, "rfo_skip.no_reason"},
		{"long reason", incident.SkipRFO{Reason: tooLong}, incident.Invalid, "refuse.long"},
	})
	w.MustUndo(ana, incident.SkipRFO{Reason: "a test shop"})
	w.Do(bob, incident.SkipRFO{Reason: "a test shop"})
	equal(t, "reason", w.Incident.Review.Skipped.Text, "a test shop")
	equal(t, "line", w.LastLine(), "no RFO: a test shop")
	e := w.MustRefuse(ana, incident.SkipRFO{Reason: "again"}, incident.Conflict, "rfo_skip.twice")
	equal(t, "who was first", e.Say.Args["by"].(incident.PersonID), bob)
}

func TestRFOSkipOfAPublishedOneIsRefused(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Resolve{})
	w.Do(ana, incident.PublishRFO{})
	w.MustRefuse(ana, incident.SkipRFO{Reason: "x"}, incident.Conflict, "rfo_skip.published")
}
