package incident_test

import (
	"math"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestImpactInWords(t *testing.T) {
	for _, test := range []struct {
		give incident.SetImpact
		line string
	}{
		{incident.SetImpact{HasNumber: true, Low: 1200, High: 1200, Unit: "users"}, "impact: 1200 users"},
		{incident.SetImpact{HasNumber: true, Low: 2000, High: 5000, Unit: "users", About: true, Text: "cannot pay"}, "impact: about 2000-5000 users, cannot pay"},
		{incident.SetImpact{HasNumber: true, Low: 12.5, High: 12.5, Unit: "%"}, "impact: 12.5%"},
		{incident.SetImpact{HasNumber: true, Unit: "users", Text: "only the test shop"}, "impact: 0 users, only the test shop"},
		{incident.SetImpact{HasNumber: true, Low: 2e6, High: 2e6, Unit: "requests"}, "impact: 2000000 requests"},
		{incident.SetImpact{Text: " the whole checkout "}, "impact: the whole checkout"},
		{incident.SetImpact{Low: 5, High: 7, Unit: "users", Text: "no number was meant"}, "impact: no number was meant"},
	} {
		w := incidenttest.New(t)
		w.Do(ana, test.give)
		equal(t, "line", w.LastLine(), test.line)
		m, ok := w.Incident.Review.CurrentImpact()
		equal(t, "recorded", ok, true)
		equal(t, "has a number", m.Unit != "", test.give.HasNumber)
		equal(t, "phrase", m.Phrase(), strings.TrimPrefix(test.line, "impact: "))
	}
}

func TestImpactKeepsEveryEstimate(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.SetImpact{Text: "some"})
	w.Do(bob, incident.SetImpact{HasNumber: true, Low: 10, High: 10, Unit: "users"})
	w.MustUndo(ana, incident.SetImpact{HasNumber: true, Low: 20, High: 30, Unit: "users"})
	equal(t, "estimates", len(w.Incident.Review.Impact), 2)
	m, _ := w.Incident.Review.CurrentImpact()
	equal(t, "who gave the one that holds", m.By, bob)
}

func TestImpactIsRefused(t *testing.T) {
	number := func(low, high float64, unit string) incident.SetImpact {
		return incident.SetImpact{HasNumber: true, Low: low, High: high, Unit: unit}
	}
	refused(t, incidenttest.New(t), []refusal{
		{"nothing", incident.SetImpact{}, incident.Invalid, "impact.empty"},
		{"blank", incident.SetImpact{Text: "\n"}, incident.Invalid, "impact.empty"},
		{"no unit", number(5, 5, ""), incident.Invalid, "impact.unit"},
		{"a sentence as unit", number(5, 5, strings.Repeat("u", 21)), incident.Invalid, "impact.unit"},
		{"the wrong way round", number(5, 2, "users"), incident.Invalid, "impact.range"},
		{"negative", number(-5, 2, "users"), incident.Invalid, "impact.range"},
		{"endless", number(5, math.Inf(1), "users"), incident.Invalid, "impact.range"},
		{"no number", number(math.NaN(), 3, "users"), incident.Invalid, "impact.range"},
		{"more than all", number(5, 101, "%"), incident.Invalid, "impact.percent"},
		{"long", incident.SetImpact{Text: tooLong}, incident.Invalid, "refuse.long"},
	})
}
