package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// grave is a resolved sev1, whose RFO somebody else has to approve of. Ana writes it.
func grave(t *testing.T) *incidenttest.World {
	w := incidenttest.New(t, incidenttest.WithPolicy(func(p *incident.Policy) {
		one := p.Severities[1]
		one.Approval = incident.ApprovedByAnother
		p.Severities[1] = one
	}))
	w.Do(ana, incident.SetSeverity{Level: 3}) // what it was at its worst counts
	w.Do(ana, incident.Lead{Who: ana})
	w.Do(ana, incident.Resolve{})
	return w
}

var blamed = incident.Finding{Rule: "L12", Where: "What happened", Quote: "Bob broke it"}

func TestFindingsMakeADraftOfWhatWouldBePublished(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Resolve{})
	lint := incident.Lint{Hash: "5f3a", Findings: []incident.Finding{blamed}, Kept: 23, Of: 24}
	d := w.Do(ana, incident.PublishRFO{Lint: lint})
	equal(t, "said", d.Say.ID, "rfo_publish.draft")
	equal(t, "rules", d.Say.Args["rules"].(string), "L12")
	equal(t, "written", d.Effects[0].Number, 1)
	incidenttest.MustOffer(t, d.Choices, "rfo answer", "rfo anyway")
	equal(t, "published", len(w.Incident.Review.Published), 0)
	last, _ := w.Incident.Review.LastRevision()
	equal(t, "a draft", last.Draft, true)
	equal(t, "findings", last.Blocking, 1)
	if _, owed := w.Incident.RFODue(w.Policy); !owed {
		t.Error("a draft must not end the wait for the RFO")
	}

	again := w.Do(ana, incident.PublishRFO{Lint: lint})
	equal(t, "the same again", again.Say.ID, "rfo_publish.still")
	equal(t, "effects", len(again.Effects), 0)

	w.MustRefuse(ana, incident.PublishRFO{Lint: lint, Anyway: true}, incident.Invalid, "rfo_publish.no_reason")
	d = w.Do(ana, incident.PublishRFO{Lint: lint, Anyway: true, Reason: "a quotation"})
	equal(t, "said", d.Say.ID, "rfo_publish.done")
	equal(t, "revision", d.Say.Args["revision"].(int), 2)
	waiver, ok := w.Incident.Review.Waived(blamed)
	if !ok || waiver.Reason != "a quotation" || waiver.By != ana {
		t.Errorf("the waiver is %+v %v", waiver, ok)
	}

	lint.Hash = "77b1"
	e := w.MustRefuse(ana, incident.PublishRFO{Lint: lint}, incident.Conflict, "rfo_publish.blocked")
	incidenttest.MustOffer(t, e.Choices, "rfo answer", "rfo anyway")
}

func TestWhoeverWritesTheRFOOfASev1DoesNotApproveOfIt(t *testing.T) {
	w := grave(t)
	clean := incident.Lint{Hash: "5f3a", Kept: 24, Of: 24}
	w.MustRefuse(ana, incident.ApproveRFO{Hash: "5f3a"}, incident.Forbidden, "rfo_approve.owner")
	w.MustRefuse(ana, incident.AskReview{Who: ana}, incident.Invalid, "rfo_review.owner")
	d := w.Do(ana, incident.AskReview{Who: bob})
	equal(t, "asked", d.Effects[0].People[0], bob)
	equal(t, "by", d.Effects[0].Kind, incident.Tell)
	d = w.Do(ana, incident.AskReview{})
	equal(t, "in the channel", d.Effects[0].Kind, incident.Post)

	d = w.Do(ana, incident.PublishRFO{Lint: clean})
	equal(t, "said", d.Say.ID, "rfo_publish.draft")
	incidenttest.MustOffer(t, d.Choices, "rfo review")
	w.MustRefuse(ana, incident.PublishRFO{Lint: clean, Anyway: true, Reason: "now"}, incident.Conflict, "rfo_publish.unapproved")

	d = w.Do(bob, incident.ApproveRFO{Hash: "5f3a"})
	equal(t, "the owner hears of it", d.Effects[0].People[0], ana)
	w.MustRefuse(bob, incident.ApproveRFO{Hash: "5f3a"}, incident.Conflict, "rfo_approve.twice")
	edited := clean
	edited.Hash = "77b1"
	equal(t, "another content", w.Do(ana, incident.PublishRFO{Lint: edited}).Say.ID, "rfo_publish.draft")
	equal(t, "what was approved of", w.Do(ana, incident.PublishRFO{Lint: clean}).Say.ID, "rfo_publish.done")

	// Whoever approved and now writes it cannot vouch for it any more.
	w = grave(t)
	w.Do(bob, incident.ApproveRFO{Hash: "5f3a"})
	w.Do(ana, incident.OwnRFO{Who: bob})
	equal(t, "one's own word", w.Do(bob, incident.PublishRFO{Lint: clean}).Say.ID, "rfo_publish.draft")
}

func TestFindingsAreLetPassByLeaderAndOwnerOnly(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Lead{Who: ana})
	w.Do(ana, incident.Resolve{})
	w.Do(ana, incident.OwnRFO{Who: cleo})
	waive := incident.WaiveFindings{Rule: "L12", Findings: []incident.Finding{blamed}, Reason: "a quotation"}
	w.MustRefuse(bob, waive, incident.Forbidden, "rfo_waive.not_yours")
	w.MustRefuse(ana, incident.WaiveFindings{Rule: "L12", Reason: "x"}, incident.NotFound, "rfo_waive.none")
	w.MustRefuse(ana, incident.WaiveFindings{Rule: "L12", Findings: waive.Findings}, incident.Invalid, "rfo_waive.no_reason")
	w.MustUndo(ana, waive)
	w.Do(cleo, waive)
	equal(t, "line", w.LastLine(), "waived L12 in the RFO: a quotation")
	if _, ok := w.Incident.Review.Waived(incident.Finding{Rule: "L12", Where: "What happened", Quote: "Ana broke it"}); ok {
		t.Error("a waiver must hold for its own finding only")
	}
}

func TestAFollowedUpDraftStaysADraft(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.AddAction{Who: bob, Due: day(10), Text: "alert on the age"})
	w.Do(ana, incident.Resolve{})
	w.Do(ana, incident.PublishRFO{Lint: incident.Lint{Hash: "5f3a", Findings: []incident.Finding{blamed}}})
	w.Do(bob, incident.FinishAction{Number: 1})
	w.Advance(11 * time.Minute)
	last, _ := w.Incident.Review.LastRevision()
	equal(t, "revision", last.Revision, 2)
	equal(t, "a draft", last.Draft, true)
	equal(t, "why", last.Reason, "actions followed up")
}
