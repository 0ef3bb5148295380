package rfo_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	. "github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
)

// state runs commands on the full incident and says where its document stands.
func state(w *World) rfo.State { return rfo.StateOf(w.Incident, w.Records) }

func hash(w *World) string { return rfo.ContentHash(w.Incident, w.Records) }

// resolved is an incident that is over, with an action.
func resolved(t *testing.T) *World {
	w := New(t)
	quiet(w)
	w.Do(Ana, incident.AddAction{Who: Bob, Due: incident.Civil{Year: 2026, Month: 3, Day: 11}, Text: "Alert on the age"})
	w.Do(Ana, incident.Resolve{})
	return w
}

func TestTheLifeOfADocument(t *testing.T) {
	w := resolved(t)
	expect := func(want rfo.State) {
		t.Helper()
		if got := state(w); got != want {
			t.Fatalf("it is %q, not %q", got, want)
		}
	}
	expect(rfo.Draft)
	w.Do(Ana, incident.AskReview{Who: Bob})
	expect(rfo.InReview)
	w.Do(Bob, incident.ApproveRFO{Hash: hash(w)})
	expect(rfo.Approved)
	w.Do(Ana, incident.AnswerQuestion{Question: "cause", Text: "a full queue"})
	expect(rfo.InReview) // the approval was of another content
	w.Do(Bob, incident.ApproveRFO{Hash: hash(w)})
	w.Do(Ana, incident.PublishRFO{Lint: incident.Lint{Hash: hash(w)}})
	expect(rfo.Published)
	w.Do(Ana, incident.SetImpact{Low: 3, High: 3, Unit: "users", HasNumber: true})
	expect(rfo.Changed)
	w.Do(Ana, incident.PublishRFO{Lint: incident.Lint{Hash: hash(w)}})
	w.Do(Bob, incident.FinishAction{Number: 1})
	expect(rfo.Changed)
	w.Advance(660e9) // the revision that says so
	expect(rfo.Closed)
}

func TestOnlyTheContentChangesTheHash(t *testing.T) {
	w := resolved(t)
	before := hash(w)
	w.Do(Ana, incident.AskReview{Who: Bob})
	w.Do(Bob, incident.ApproveRFO{Hash: before})
	w.Do(Ana, incident.WaiveFindings{Rule: "L01", Findings: []incident.Finding{{Rule: "L01", Where: "Alerting"}}, Reason: "nobody knows"})
	w.Do(Ana, incident.PublishRFO{Lint: incident.Lint{Hash: before, Findings: []incident.Finding{{Rule: "L02"}}}})
	w.Do(Ana, incident.PublishRFO{Lint: incident.Lint{Hash: before}})
	if hash(w) != before {
		t.Error("what is said about the document changed its content")
	}
	for name, c := range map[string]incident.Command{
		"a fact":    incident.SetDetected{Source: "alert", At: w.Now},
		"an answer": incident.AnswerQuestion{Question: "luck", Text: "it was a Sunday"},
		"an action": incident.MoveAction{Number: 1, Due: incident.Civil{Year: 2026, Month: 3, Day: 12}, Reason: "a holiday"},
		"a note":    incident.AddNote{Text: "found in the log"},
	} {
		w.Do(Ana, c)
		if now := hash(w); now == before {
			t.Errorf("%s did not change the content", name)
		}
		w.Do(Ana, incident.Undo{})
		if now := hash(w); now != before {
			t.Errorf("%s, taken back, left another content", name)
		}
	}
}

func TestAWaiverHoldsForItsFindingAndStandsInTheDocument(t *testing.T) {
	w := resolved(t)
	w.Do(Ana, incident.AnswerQuestion{Question: "cause", Text: "Bob Lind broke the queue."})
	document := func() rfo.Document { return rfo.Build(w.Incident, w.Records, staff, rfo.Options{}) }
	blame := func() (found []rfo.Finding) {
		for _, f := range rfo.Check(document()) {
			if f.ID == "L12" {
				found = append(found, f)
			}
		}
		return found
	}
	first := blame()
	if len(first) != 1 || first[0].Severity != rfo.Block {
		t.Fatalf("found %+v", first)
	}
	w.Do(Ana, incident.WaiveFindings{Rule: "L12", Findings: []incident.Finding{first[0].Mark()}, Reason: "he wrote it himself"})
	if f := blame(); f[0].Severity != rfo.Waive || !strings.Contains(f[0].Waived, "Ana Ruiz") {
		t.Errorf("waived, it is %+v", f)
	}
	if md := string(rfo.Markdown(document())); !strings.Contains(md, "he wrote it himself") || !strings.Contains(md, "| L12 | What happened |") {
		t.Errorf("the document does not tell of the waiver:\n%s", md)
	}
	w.Do(Ana, incident.AnswerQuestion{Question: "cause", Text: "Bob Lind forgot the queue."})
	if f := blame(); len(f) != 1 || f[0].Severity != rfo.Block {
		t.Errorf("other words of blame are let pass too: %+v", f)
	}
}
