package incident_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestMitigatedNowOrAtATime(t *testing.T) {
	w := incidenttest.New(t)
	w.Now = clock(14, 40)
	w.Do(ana, incident.Mitigate{At: clock(14, 30), Text: "rolled back"})
	equal(t, "status", w.Incident.Life.Status, incident.Mitigated)
	m, _ := w.Incident.Life.Latest(incident.Mitigated)
	equal(t, "time", m.At, clock(14, 30))
	equal(t, "line", w.LastLine(), "mitigated: rolled back")

	e := w.MustRefuse(bob, incident.Mitigate{}, incident.Conflict, "mitigated.twice")
	equal(t, "who was first", e.Say.Args["by"].(incident.PersonID), ana)

	d := w.Do(bob, incident.Mitigate{At: clock(14, 35)})
	equal(t, "said to be a correction", d.Say.Args["correction"].(bool), true)
	m, _ = w.Incident.Life.Latest(incident.Mitigated)
	equal(t, "the time that holds", m.At, clock(14, 35))
	equal(t, "all marks are kept", len(w.Incident.Life.Marks), 3)
	w.MustUndo(ana, incident.Mitigate{At: clock(14, 20)})
}

func TestMitigatedWhileResolvedOnlyAddsTheTime(t *testing.T) {
	w := incidenttest.New(t)
	w.Now = clock(15, 0)
	w.Do(ana, incident.Resolve{})
	w.MustRefuse(ana, incident.Mitigate{}, incident.Conflict, "mitigated.twice")
	w.Do(ana, incident.Mitigate{At: clock(14, 30)})
	equal(t, "status", w.Incident.Life.Status, incident.Resolved)
	m, ok := w.Incident.Life.Latest(incident.Mitigated)
	equal(t, "recorded", ok, true)
	equal(t, "time", m.At, clock(14, 30))
}

func TestMitigatedAsksForTheImpactWhileNobodyGaveIt(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(ana, incident.Mitigate{})
	equal(t, "asked", d.Say.Args["ask_impact"].(bool), true)
	w.Do(ana, incident.SetImpact{Text: "all"})
	d = w.Do(ana, incident.Mitigate{At: clock(14, 0)})
	equal(t, "asked again", d.Say.Args["ask_impact"].(bool), false)
}

func TestMitigatedBeforeTheFirstErrorIsShownAndNotRefused(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.SetFirstError{At: clock(14, 0)})
	w.MustUndo(ana, incident.Mitigate{At: clock(13, 0)})
	refused(t, w, []refusal{
		{"ahead", incident.Mitigate{At: clock(15, 0)}, incident.Invalid, "refuse.future"},
		{"long", incident.Mitigate{Text: tooLong}, incident.Invalid, "refuse.long"},
	})
}

// TestWhatTheRFONeedsIsAskedOnceAndWhileItIsCheap: of the first leader who found it,
// of whoever says who is hit how many; at the latest when users are well again.
func TestWhatTheRFONeedsIsAskedOnceAndWhileItIsCheap(t *testing.T) {
	found := []string{"detected alert", "detected synthetic", "detected employee", "detected customer", "detected partner"}
	ranges := func(text string) (lines []string) {
		for _, r := range []string{"1-10", "10-100", "100-1000", "1000-10000", "10000-100000"} {
			lines = append(lines, strings.TrimSpace("impact about "+r+" users "+text))
		}
		return lines
	}
	w := incidenttest.New(t)
	d := w.Do(bob, incident.Lead{Who: bob})
	incidenttest.MustOffer(t, d.Choices, found...)
	equal(t, "messages", len(d.Effects), 0)
	incidenttest.MustOffer(t, w.Do(cleo, incident.Lead{Who: cleo, Confirmed: true}).Choices)
	incidenttest.MustOffer(t, w.Do(ana, incident.SetImpact{Text: "nobody can pay"}).Choices, ranges("nobody can pay")...)
	incidenttest.MustOffer(t, w.Do(ana, incident.SetImpact{Text: "nobody in Asia can pay"}).Choices)
	d = w.Do(ana, incident.Mitigate{})
	equal(t, "offered although it was asked", slices.Contains(incidenttest.ChoiceLines(d.Choices), "impact"), false)
	equal(t, "asked again who found it", d.Say.Args["ask_detected"].(bool), false)

	w = incidenttest.New(t)
	w.Do(ana, incident.SetDetected{Source: "alert"})
	incidenttest.MustOffer(t, w.Do(bob, incident.Lead{Who: bob}).Choices)
	equal(t, "offered", incidenttest.ChoiceLines(w.Do(ana, incident.Mitigate{}).Choices)[2], "impact")
	equal(t, "offered again", slices.Contains(incidenttest.ChoiceLines(w.Do(ana, incident.Mitigate{At: clock(14, 0)}).Choices), "impact"), false)
	incidenttest.MustOffer(t, w.Do(ana, incident.SetImpact{Low: 3, High: 3, Unit: "users", HasNumber: true}).Choices)
}

func TestMitigatedAsksOnceWhatNobodyHasToldYet(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(ana, incident.Mitigate{})
	equal(t, "asks for the impact", d.Say.Args["ask_impact"].(bool), true)
	equal(t, "asks who found it", d.Say.Args["ask_detected"].(bool), true)
	w = incidenttest.New(t)
	w.Do(ana, incident.SetDetected{Source: "alert"})
	w.Do(ana, incident.SetImpact{Low: 3, High: 3, Unit: "users", HasNumber: true})
	d = w.Do(ana, incident.Mitigate{})
	equal(t, "asks again for the impact", d.Say.Args["ask_impact"].(bool), false)
	equal(t, "asks again who found it", d.Say.Args["ask_detected"].(bool), false)
}
