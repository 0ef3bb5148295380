package incident_test

import (
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
		{"one too long", incident.AnswerQuestions{Answers: []incident.AnswerQuestion{{Question: "impact", Text: "x"}, {Question: "class", Text: tooLong}}}, incident.Invalid, "rfo_answer.refused"},
	})
	equal(t, "nothing of a refused form", w.Incident.Review.Answers["impact"][0].Text, "all")
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
