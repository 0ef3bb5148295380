package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestReopenFromEveryEnd(t *testing.T) {
	for _, end := range []incident.Command{
		incident.Mitigate{}, incident.Resolve{}, incident.Cancel{Reason: "a test"}, incident.Merge{Into: incident.Brief{ID: "0190-9", Number: 9, Status: incident.Open}, Confirmed: true},
	} {
		t.Run(end.Verb(), func(t *testing.T) {
			w := incidenttest.New(t)
			w.Do(ana, end)
			was := w.Incident.Life.Status
			w.MustUndo(ana, incident.Reopen{Reason: "it is back"})
			equal(t, "status after undo", w.Incident.Life.Status, was)
			w.Do(bob, incident.Reopen{Reason: "it is back"})
			equal(t, "status", w.Incident.Life.Status, incident.Open)
			equal(t, "reason", w.Incident.Life.Reason, "it is back")
			equal(t, "marks", len(w.Incident.Life.Marks), 3)
			equal(t, "merged to", w.Incident.Life.MergedTo, incident.ID(""))
			equal(t, "line", w.LastLine(), "reopened: it is back")
		})
	}
}

func TestReopenOwesTheRFOAgain(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Resolve{})
	w.Do(ana, incident.SkipRFO{Reason: "five minutes of a test shop"})
	d := w.Do(ana, incident.Reopen{Reason: "it is back"})
	equal(t, "said", d.Say.Args["skipped"].(bool), true)
	equal(t, "skipped", w.Incident.Review.Skipped == nil, true)
}

func TestReopenIsRefused(t *testing.T) {
	w := incidenttest.New(t)
	w.MustRefuse(ana, incident.Reopen{Reason: "x"}, incident.Conflict, "reopen.open")
	w.Do(ana, incident.Resolve{})
	refused(t, w, []refusal{
		{"no reason", incident.Reopen{}, incident.Invalid, "reopen.no_reason"},
		{"long reason", incident.Reopen{Reason: tooLong}, incident.Invalid, "refuse.long"},
	})
}
