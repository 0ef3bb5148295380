package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestDetectedWithoutATimeIsOnlyALatest(t *testing.T) {
	w := incidenttest.New(t)
	w.Advance(10 * time.Minute)
	d := w.Do(ana, incident.SetDetected{Source: "customer"})
	p, _ := w.Incident.Stamps.Last(incident.Detected)
	equal(t, "time", p.At, w.Incident.Identity.OpenedAt)
	equal(t, "quality", p.Quality, incident.Estimated)
	equal(t, "source", p.Source, "customer")
	equal(t, "said to be a latest", d.Say.Args["at_latest"].(bool), true)
	equal(t, "line", w.LastLine(), "found first by a customer (at the latest when it was opened)")

	w.Do(ana, incident.SetDetected{Source: "customer", At: clock(13, 55)})
	w.Do(ana, incident.SetDetected{Source: "partner"}) // only the source was wrong
	p, _ = w.Incident.Stamps.Last(incident.Detected)
	equal(t, "time that was given before", p.At, clock(13, 55))
	equal(t, "quality of it", p.Quality, incident.Human)
	equal(t, "new source", p.Source, "partner")
}

func TestDetectedTakesEverySourceAndNoOther(t *testing.T) {
	for _, source := range incident.DetectionSources() {
		w := incidenttest.New(t)
		w.MustUndo(ana, incident.SetDetected{Source: source, At: clock(13, 55)})
	}
	refused(t, incidenttest.New(t), []refusal{
		{"no source", incident.SetDetected{At: clock(13, 55)}, incident.Invalid, "detected.source"},
		{"unknown source", incident.SetDetected{Source: "luck"}, incident.Invalid, "detected.source"},
		{"long text", incident.SetDetected{Source: "alert", Text: tooLong}, incident.Invalid, "refuse.long"},
	})
}
