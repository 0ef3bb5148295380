package rfo_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
)

// measured is a document with one figure, as far as trends look at it.
func measured(status incident.Status, drill bool, source string, v rfo.Value) rfo.Document {
	return rfo.Document{
		Head:      rfo.Head{Incident: rfo.Life{Status: status, Drill: drill}},
		Detection: rfo.Detection{Source: source},
		Speed:     rfo.Speed{Metrics: []rfo.Metric{{ID: "time_to_call", Value: v}}},
	}
}

func took(d time.Duration) rfo.Value { return rfo.Value{State: rfo.Known, Span: rfo.Span(d)} }

func figure(t *testing.T, all rfo.Trends, id string) rfo.Trend {
	t.Helper()
	for _, f := range all.Figures {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("no figure %s", id)
	return rfo.Trend{}
}

func TestMedianAndP90WithWhatIsMissing(t *testing.T) {
	var docs []rfo.Document
	for n := 10; n >= 1; n-- {
		docs = append(docs, measured(incident.Resolved, false, "alert", took(time.Duration(n)*time.Minute)))
	}
	docs = append(docs,
		measured(incident.Resolved, false, "customer", rfo.Value{State: rfo.NotRecorded}),
		measured(incident.Resolved, false, "", rfo.Value{State: rfo.OutOfOrder, Span: rfo.Span(time.Hour)}),
		measured(incident.Resolved, true, "customer", took(9*time.Hour)),
		measured(incident.Cancelled, false, "customer", took(9*time.Hour)),
		measured(incident.Merged, false, "customer", took(9*time.Hour)),
		measured(incident.Open, false, "customer", took(9*time.Hour)),
	)
	got := rfo.Compare(docs)
	if got.Incidents != 12 || got.LeftOut != 4 {
		t.Errorf("counted %d, left out %d", got.Incidents, got.LeftOut)
	}
	f := figure(t, got, "time_to_call")
	if f.N != 10 || f.Missing != 2 || f.Loose != 0 || f.Median != rfo.Span(5*time.Minute) || f.P90 != rfo.Span(9*time.Minute) {
		t.Errorf("got %+v", f)
	}
	if f.Name != "Time to call" || f.Definition == "" {
		t.Errorf("it is called %q: %q", f.Name, f.Definition)
	}
	if f := figure(t, got, "time_to_mitigate"); f.N != 0 || f.Missing != 12 {
		t.Errorf("without any: %+v", f)
	}
	if n, of := got.FoundByCustomers(); n != 1 || of != 11 {
		t.Errorf("found by customers: %d of %d", n, of)
	}
}

func TestOneFigureIsItsOwnMedian(t *testing.T) {
	v := took(3 * time.Minute)
	v.Bound = rfo.AtMost
	f := figure(t, rfo.Compare([]rfo.Document{measured(incident.Resolved, false, "", v)}), "time_to_call")
	if f.N != 1 || f.Loose != 1 || f.Median != rfo.Span(3*time.Minute) || f.P90 != f.Median {
		t.Errorf("got %+v", f)
	}
	none := rfo.Compare(nil)
	if f := figure(t, none, "time_to_call"); none.Incidents != 0 || f.N != 0 || f.Missing != 0 {
		t.Errorf("of nothing: %+v", none)
	}
}

func TestDetectedBeforeAnybodyWasAffectedCountsAsNoTime(t *testing.T) {
	d := measured(incident.Resolved, false, "alert", rfo.Value{})
	d.Speed.Metrics = []rfo.Metric{{ID: "time_to_detect", Value: rfo.Value{State: rfo.BeforeImpact}}}
	if f := figure(t, rfo.Compare([]rfo.Document{d}), "time_to_detect"); f.N != 1 || f.Median != 0 {
		t.Errorf("got %+v", f)
	}
}

func TestTrendsOfARealIncident(t *testing.T) {
	d := kept(t, "full").document()
	got := rfo.Compare([]rfo.Document{d})
	m, ok := d.Speed.Metric("time_to_call")
	f := figure(t, got, "time_to_call")
	if !ok || got.Incidents != 1 || f.N != 1 || f.Median != m.Value.Span {
		t.Errorf("got %+v for %+v", f, m)
	}
}
