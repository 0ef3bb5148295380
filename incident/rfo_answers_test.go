package incident_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestSeveralAnswersAtOnce(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(bob, incident.AnswerQuestion{Question: "cause", Text: "a full queue"})
	head := w.Incident.Head
	d := w.Do(ana, incident.AnswerQuestions{Answers: []incident.AnswerQuestion{
		{Question: "summary", Text: "checkout was down"}, {Question: "cause", Text: "a full queue"}, {Question: "impact", Text: "all"},
	}})
	equal(t, "events", w.Incident.Head, head+2)
	equal(t, "answer", words(t, d.Say), "Saved on INC-7: summary, impact. 3 questions are open.")
	d = w.Do(ana, incident.AnswerQuestions{Answers: []incident.AnswerQuestion{{Question: "cause", Text: "no limit on the queue"}}})
	equal(t, "answer", words(t, d.Say), "Saved on INC-7: cause. 3 questions are open.\nThe former answer to cause is kept in the log.")
	equal(t, "both are kept", len(w.Incident.Review.Answers["cause"]), 2)
	refused(t, w, []refusal{
		{"nothing", incident.AnswerQuestions{}, incident.Invalid, "rfo_answer.nothing"},
		{"nothing new", incident.AnswerQuestions{Answers: []incident.AnswerQuestion{{Question: "impact", Text: "all"}}}, incident.Invalid, "rfo_answer.nothing"},
		{"one too long", incident.AnswerQuestions{Answers: []incident.AnswerQuestion{{Question: "impact", Text: "x"}, {Question: "class", Text: strings.Repeat("ä", incident.AnswerLimit+1)}}}, incident.Invalid, "rfo_answer.refused"},
	})
	equal(t, "nothing of a refused form", w.Incident.Review.Answers["impact"][0].Text, "all")
}

// TestWhatNobodyToldIsAnsweredBesideTheQuestions: a form asks for it while it is not known.
func TestWhatNobodyToldIsAnsweredBesideTheQuestions(t *testing.T) {
	w := incidenttest.New(t)
	equal(t, "asked", w.Incident.Asks(incident.Questions[1]).Args["counted"], any(false))
	hit := incident.SetImpact{Low: 300, High: 300, Unit: "users", About: true, HasNumber: true}
	d := w.Do(ana, incident.AnswerQuestions{
		Answers: []incident.AnswerQuestion{{Question: "impact", Text: "nobody could pay"}}, Found: &incident.SetDetected{Source: "customer"}, Hit: &hit,
	})
	equal(t, "answer", words(t, d.Say), "Saved on INC-7: impact, who found it first, how many users. 5 questions are open.")
	p, _ := w.Incident.Stamps.Last(incident.Detected)
	equal(t, "source", p.Source, "customer")
	equal(t, "quality", p.Quality, incident.Estimated)
	now, _ := w.Incident.Review.CurrentImpact()
	equal(t, "the same number", hit.Says(now), true)
	equal(t, "asked again", w.Incident.Asks(incident.Questions[1]).Args["counted"], any(true))
	refused(t, w, []refusal{
		{"by nobody we know", incident.AnswerQuestions{Found: &incident.SetDetected{Source: "the cat"}}, incident.Invalid, "detected.source"},
		{"more than all", incident.AnswerQuestions{Hit: &incident.SetImpact{Low: 120, High: 120, Unit: "%", HasNumber: true}}, incident.Invalid, "impact.percent"},
	})
}

func TestAllow(t *testing.T) {
	w := incidenttest.New(t)
	if err := incident.Allow(w.Incident, "task_add", incident.Person{ID: guest}); err != nil {
		t.Errorf("a task of a guest's: %v", err)
	}
	w.Do(ana, incident.Cancel{Reason: "none"})
	if err := incident.Allow(w.Incident, "task_add", incident.Person{ID: ana, Full: true}); err == nil {
		t.Error("a task on an incident that never was is let in")
	}
}
