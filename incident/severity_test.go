package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestSeverityKeepsThePeak(t *testing.T) {
	w := incidenttest.New(t) // sev1
	for _, step := range []struct{ level, peak int }{{3, 1}, {4, 1}, {2, 1}} {
		w.Do(ana, incident.SetSeverity{Level: step.level})
		equal(t, "severity", w.Incident.Life.Severity, step.level)
		equal(t, "peak", w.Incident.Life.Peak, step.peak)
	}
	equal(t, "line", w.LastLine(), "severity sev4 to sev2")

	mild := incidenttest.Empty(t)
	mild.Do(ana, incident.OpenIncident{Title: "Slow", Severity: 3})
	mild.Do(ana, incident.SetSeverity{Level: 2})
	mild.Do(ana, incident.SetSeverity{Level: 4})
	equal(t, "peak of a milder one", mild.Incident.Life.Peak, 2)
	mild.MustUndo(bob, incident.SetSeverity{Level: 1})
}

func TestSeverityHasFourLevels(t *testing.T) {
	refused(t, incidenttest.New(t), []refusal{
		{"none", incident.SetSeverity{}, incident.Invalid, "severity.range"},
		{"milder than the mildest", incident.SetSeverity{Level: 5}, incident.Invalid, "severity.range"},
		{"negative", incident.SetSeverity{Level: -1}, incident.Invalid, "severity.range"},
		{"the same", incident.SetSeverity{Level: 1}, incident.Conflict, "severity.same"},
	})
}
