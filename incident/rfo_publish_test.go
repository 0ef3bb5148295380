package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestRFOPublishCountsRevisions(t *testing.T) {
	w := incidenttest.New(t)
	w.MustRefuse(ana, incident.PublishRFO{}, incident.Conflict, "rfo_publish.not_resolved")
	w.Do(ana, incident.Mitigate{})
	w.MustRefuse(ana, incident.PublishRFO{}, incident.Conflict, "rfo_publish.not_resolved")
	w.Do(ana, incident.Resolve{})
	w.MustRefuse(guest, incident.PublishRFO{}, incident.Forbidden, "refuse.guest")
	for revision := 1; revision <= 3; revision++ {
		now := w.Now
		d := w.Do(bob, incident.PublishRFO{})
		equal(t, "revision", d.Say.Args["revision"].(int), revision)
		equal(t, "effects", len(d.Effects), 1)
		equal(t, "effect", d.Effects[0].Kind, incident.Publish)
		p := w.Incident.Review.Published[revision-1]
		equal(t, "revision kept", p.Revision, revision)
		equal(t, "at", p.At, now)
		equal(t, "by", p.By, bob)
	}
	e := w.MustRefuse(bob, incident.Undo{}, incident.Conflict, "undo.permanent")
	equal(t, "instead", e.Say.Args["instead"].(incident.Say).ID, "instead.rfo_publish")
	w.MustRefuse(ana, incident.Undo{}, incident.Conflict, "undo.superseded") // of the resolve
}

func TestRFOPublishSaysWhatIsMissingAndIsNotKeptByIt(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Resolve{})
	w.Do(ana, incident.AnswerQuestion{Question: "cause", Text: "a full queue"})
	d := w.Do(ana, incident.PublishRFO{})
	equal(t, "unanswered", d.Say.Args["unanswered"].(int), 5)
	equal(t, "actions", d.Say.Args["actions"].(int), 0)
}

func TestRFOPublishOfASkippedOrCancelledOneIsRefused(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Resolve{})
	w.Do(bob, incident.SkipRFO{Reason: "a test shop"})
	e := w.MustRefuse(ana, incident.PublishRFO{}, incident.Conflict, "rfo_publish.skipped")
	equal(t, "who skipped it", e.Say.Args["by"].(incident.PersonID), bob)
	w.Do(ana, incident.Cancel{Reason: "it was the monitor"})
	w.MustRefuse(ana, incident.PublishRFO{}, incident.Conflict, "refuse.status.cancelled")
}
