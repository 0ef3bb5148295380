package incident_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestAnswersAreKeptAndCounted(t *testing.T) {
	w := incidenttest.New(t)
	left := 6
	for _, q := range incident.Questions {
		d := w.Do(ana, incident.AnswerQuestion{Question: q.Name, Text: "first"})
		if q.Required {
			left--
		}
		equal(t, "left after "+q.Name, d.Say.Args["left"].(int), left)
	}
	equal(t, "unanswered", len(w.Incident.Review.Unanswered()), 0)
	d := w.Do(bob, incident.AnswerQuestion{Question: "Cause", Text: "second"})
	equal(t, "replaced", d.Say.Args["again"].(bool), true)
	a, _ := w.Incident.Review.Answer("cause")
	equal(t, "the answer that holds", a.Text, "second")
	equal(t, "whose", a.By, bob)
	equal(t, "kept", len(w.Incident.Review.Answers["cause"]), 2)
	w.MustUndo(ana, incident.AnswerQuestion{Question: "cause", Text: "third"})
}

func TestAnswerGivenAgainChangesNothing(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.AnswerQuestion{Question: "luck", Text: "it was noon"})
	d := w.Do(bob, incident.AnswerQuestion{Question: "luck", Text: "it was noon"})
	equal(t, "events", len(d.Events), 0)
	equal(t, "said", d.Say.ID, "rfo_answer.same")
	equal(t, "who was first", d.Say.Args["by"].(incident.PersonID), ana)
}

func TestAnswersNeedAQuestionAndAText(t *testing.T) {
	w := incidenttest.New(t)
	refused(t, w, []refusal{
		{"no question", incident.AnswerQuestion{Text: "x"}, incident.Invalid, "rfo_answer.unknown"},
		{"unknown question", incident.AnswerQuestion{Question: "blame", Text: "x"}, incident.Invalid, "rfo_answer.unknown"},
		{"no text", incident.AnswerQuestion{Question: "cause"}, incident.Invalid, "rfo_answer.empty"},
		{"long text", incident.AnswerQuestion{Question: "cause", Text: strings.Repeat("ä", incident.AnswerLimit+1)}, incident.Invalid, "rfo_answer.long"},
	})
	w.Do(ana, incident.Cancel{Reason: "a test"})
	w.MustRefuse(ana, incident.AnswerQuestion{Question: "cause", Text: "x"}, incident.Conflict, "refuse.status.cancelled")
}

func TestAnAnswerReplacesOnlyWhatItsWriterSaw(t *testing.T) {
	w := incidenttest.New(t)
	none := int64(0)
	w.Do(ana, incident.AnswerQuestion{Question: "cause", Text: "first", Over: &none})
	first, _ := w.Incident.Review.Answer("cause")
	w.MustRefuse(bob, incident.AnswerQuestion{Question: "cause", Text: "second", Over: &none}, incident.Conflict, "rfo_answer.newer")
	w.Do(bob, incident.AnswerQuestion{Question: "cause", Text: "second", Over: &first.Seq})
	d := w.Do(ana, incident.AnswerQuestion{Question: "cause", Text: "second", Over: &first.Seq})
	equal(t, "the same text is no conflict", d.Say.ID, "rfo_answer.same")
	w.MustRefuse(ana, incident.AnswerQuestion{Question: "cause", Text: " ", Over: &first.Seq}, incident.Invalid, "rfo_answer.emptied")
	was, ok := w.Incident.Review.AnswerNumbered("cause", first.Seq)
	equal(t, "the first is kept", was.Text, "first")
	equal(t, "and found", ok, true)
	_, ok = w.Incident.Review.AnswerNumbered("cause", 9999)
	equal(t, "what is not there", ok, false)
}
