package rfo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
)

func TestKindTrackerAndOutcomeStandInTheDocument(t *testing.T) {
	w := incidenttest.New(t)
	due := incident.Civil{Year: 2026, Month: 3, Day: 18}
	w.Do(incidenttest.Ana, incident.AddAction{
		Who: incidenttest.Bob, Due: due, Text: "write it down", Kind: incident.Detects, Tracker: "https://tracker.example.org/1",
	})
	w.Do(incidenttest.Ana, incident.AddAction{Who: incidenttest.Bob, Due: due, Text: "tell everybody", Kind: incident.Processes})
	w.Do(incidenttest.Ana, incident.Resolve{})
	w.Do(incidenttest.Ana, incident.PublishRFO{})
	w.Do(incidenttest.Bob, incident.DropAction{Number: 2, Reason: "all know"})
	w.Advance(11 * time.Minute)
	d := rfo.Build(w.Incident, w.Records, incidenttest.Names{}, rfo.Options{})
	text := string(rfo.Markdown(d))
	for _, want := range []string{
		"| A1 | detect: write it down |", "open, [tracker](https://tracker.example.org/1) |", "A2 was dropped on 2026-03-04 by Bob: all know", "| Rollcall | actions followed up |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if page := string(rfo.HTML(d)); !strings.Contains(page, `<a href="https://tracker.example.org/1">tracker</a>`) {
		t.Error("the page has no link to the tracker")
	}
	for _, f := range rfo.Check(d) {
		if f.ID == "L10" || f.ID == "L11" {
			t.Errorf("an action that is said to detect counts as none: %+v", f)
		}
	}
	d.Actions.List[0].Kind = incident.Processes
	found := false
	for _, f := range rfo.Check(d) {
		found = found || f.ID == "L10"
	}
	if !found {
		t.Error("only process: no L10")
	}
}

func TestAnActionSaysWhatItIsForAndWhereItIsTracked(t *testing.T) {
	d := rfo.Document{}
	d.Actions.List = []rfo.Action{
		{ID: "A1", Text: "Alert on the age", DoneWhen: "it fired", Owner: "Ana", Due: "2026-03-18", State: incident.ActionOpen, Tracker: "https://tracker.example.org/1", Kind: incident.Detects},
		{ID: "A2", Text: "Limit the queue", DoneWhen: "it is", Owner: "Ana", Due: "2026-03-18", State: incident.ActionOpen},
	}
	var where []string
	for _, f := range rfo.Check(d) {
		if f.ID == "L09" {
			where = append(where, f.Where)
		}
	}
	if len(where) != 2 || where[0] != "Actions, A2" || where[1] != "Actions, A2" {
		t.Errorf("L09 is found at %v; it should be A2 alone, for its type and its tracker", where)
	}
}
