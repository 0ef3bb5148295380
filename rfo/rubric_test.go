package rfo_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	. "github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
)

// judged are the verdicts that are a no, with their reasons, and the points.
func judged(t *testing.T, s scenario) (points int, no map[int]string) {
	t.Helper()
	all := rfo.Rubric(rfo.Checker{}, s.document())
	if len(all) != 20 {
		t.Fatalf("%d questions", len(all))
	}
	no = map[int]string{}
	for n, v := range all {
		if v.Number != n+1 || v.Question == "" || v.Reason == "" {
			t.Errorf("a verdict without its reason: %+v", v)
		}
		if !v.Yes {
			no[v.Number] = v.Reason
		}
	}
	return rfo.Points(all), no
}

// responded is an incident as its log alone tells it: nobody has typed a word of its RFO.
func responded(t testing.TB, severity int, again bool) scenario {
	w := Empty(t)
	quiet(w)
	do := func(after time.Duration, who incident.PersonID, c incident.Command) {
		at(w, after)
		w.Do(who, c)
	}
	do(0, Ana, incident.OpenIncident{Title: "Card payments fail", Severity: severity, Call: incident.Call{URL: "https://meet.example.org/inc-7", Provider: "jitsi"}})
	do(time.Minute, Ana, incident.Lead{Who: Ana})
	do(2*time.Minute, Ana, incident.SetStarted{At: mark("13:50:00")})
	do(2*time.Minute+10*time.Second, Ana, incident.SetFirstError{At: mark("13:52:00"), Text: "no free connection, https://logs.example.org/q/81"})
	do(2*time.Minute+20*time.Second, Ana, incident.SetDetected{Source: "alert", At: mark("13:55:00"), Text: "https://alerts.example.org/9"})
	do(2*time.Minute+30*time.Second, Ana, incident.Acknowledge{At: mark("13:56:00")})
	do(3*time.Minute, Ana, incident.AddTask{Text: "Read the log", Owner: Bob})
	do(4*time.Minute, Ana, incident.ConfirmTasks{})
	do(5*time.Minute, Bob, incident.RateService{Name: "payments", State: incident.Bleeding})
	do(6*time.Minute, Bob, incident.RateService{Name: "search", State: incident.Clear})
	do(12*time.Minute, Bob, incident.Mitigate{Text: "the pool was made larger"})
	do(13*time.Minute, Ana, incident.SetImpact{Low: 1800, High: 2400, Unit: "users", HasNumber: true, Text: "counted from failed payments"})
	do(14*time.Minute, Bob, incident.FinishTask{Number: 1})
	do(20*time.Minute, Ana, incident.Resolve{Text: "the pool is divided by the number of replicas"})
	if again {
		do(60*time.Minute, Ana, incident.Reopen{Reason: "the same errors again"})
		do(61*time.Minute, Ana, incident.SetStarted{At: mark("14:58:00")})
		do(70*time.Minute, Ana, incident.Mitigate{Text: "the release is rolled back"})
		do(90*time.Minute, Ana, incident.Resolve{Text: "all pools carry the number of replicas"})
	}
	return scenario{w, staff, pages}
}

// answered gives the six answers, the fix and one action, and publishes.
func answered(s scenario) scenario {
	w := s.world
	answers(w)
	w.Do(Ana, incident.AnswerQuestion{Question: "impact", Text: "Users could not pay by card. Search and payments by invoice worked. No data was lost."})
	w.Do(Ana, incident.AddAction{
		Who: Bob, Due: incident.Civil{Year: 2026, Month: time.March, Day: 11}, Kind: incident.Detects, Text: "Alert when a service waits more than 1 s for a connection",
		DoneWhen: "the alert fires in the game day", Tracker: "https://tracker.example.org/7",
	})
	w.Do(Ana, incident.PublishRFO{})
	return s
}

// edited is a grave one into whose published copy somebody has written.
func edited(s scenario) scenario {
	s.world.Do(incident.System, incident.TakeRFO{From: "the published file", Overlays: []incident.Overlay{
		{Section: "class", Base: "", Text: "## Avoiding the class\n\nBy hand: the gate comes first."},
	}})
	return s
}

func TestTheTwentyQuestions(t *testing.T) {
	same := func(s scenario) scenario { return s }
	for _, c := range []struct {
		name  string
		make  func() scenario
		after func(scenario) scenario
	}{
		{"a sev2", func() scenario { return responded(t, 2, false) }, same},
		{"a sev1 with edits by hand", func() scenario { return responded(t, 1, false) }, edited},
		{"a reopened one", func() scenario { return responded(t, 2, true) }, same},
		{"a short sev4", func() scenario { return responded(t, 4, false) }, same},
	} {
		if points, no := judged(t, c.make()); points < rfo.GateCap || len(no) == 0 {
			t.Errorf("%s, untouched: %d points; no: %v", c.name, points, no)
		}
		if points, no := judged(t, c.after(answered(c.make()))); points != 20 {
			t.Errorf("%s, answered: %d points; no: %v", c.name, points, no)
		}
	}
}

// TestTheTwentyQuestionsCanFail spoils a document that has all twenty, one fact at a time.
func TestTheTwentyQuestionsCanFail(t *testing.T) {
	whole := answered(responded(t, 2, false))
	for _, c := range []struct {
		name   string
		number int
		gate   bool
		change func(*rfo.Document)
	}{
		{"no summary", 1, false, func(d *rfo.Document) { d.Glance.Summary.Text = "" }},
		{"nobody said who found it", 2, true, func(d *rfo.Document) { d.Detection.Source = "" }},
		{"a customer was first", 3, false, func(d *rfo.Document) { d.Detection.Source, d.Detection.Answer.Text = "customer", "A shop phoned." }},
		{"no method", 4, true, func(d *rfo.Document) { d.Impact.Estimate.Text = "" }},
		{"data", 5, false, func(d *rfo.Document) { d.Impact.Answer.Text = "Users could not pay; search worked." }},
		{"no time to call", 6, false, func(d *rfo.Document) { d.Speed.Metrics = d.Speed.Metrics[1:] }},
		{"no time to tasks", 7, false, func(d *rfo.Document) { d.Speed.Metrics = slices.Delete(slices.Clone(d.Speed.Metrics), 1, 2) }},
		{"a wrong sum", 8, false, func(d *rfo.Document) { d.Speed.Phases.Total++ }},
		{"a negative figure", 9, false, func(d *rfo.Document) {
			d.Speed.Metrics = slices.Clone(d.Speed.Metrics)
			d.Speed.Metrics[2].Value.Span = -1
		}},
		{"a time without zone", 10, false, func(d *rfo.Document) { d.Story.Cause.Text += " It began at 14:05 in the pool." }},
		{"a row without an entry", 11, false, func(d *rfo.Document) {
			d.Timeline.Rows = slices.Clone(d.Timeline.Rows)
			for n := range d.Timeline.Rows {
				d.Timeline.Rows[n].Entry = ""
			}
		}},
		{"hindsight", 12, false, func(d *rfo.Document) { d.Story.Cause.Text += " The test should have found it." }},
		{"blame", 13, true, func(d *rfo.Document) { d.Story.Cause.Text += " Bob Lind forgot the limit." }},
		{"one factor", 14, false, func(d *rfo.Document) { d.Story.Cause.Text = "The root cause was a typo." }},
		{"nothing verified", 15, false, func(d *rfo.Document) { d.Fix.Answer.Text = "Permanent: the pool is smaller." }},
		{"no class", 16, false, func(d *rfo.Document) { d.Story.Class.Text = "" }},
		{"no done-when", 17, true, func(d *rfo.Document) { action(d, func(a *rfo.Action) { a.DoneWhen = "" }) }},
		{"nobody", 18, true, func(d *rfo.Document) { action(d, func(a *rfo.Action) { a.Owner = "" }) }},
		{"no history", 19, false, func(d *rfo.Document) { d.History = nil }},
		{"a secret", 20, false, func(d *rfo.Document) { put(t, d, "cause", fakes.Replace("One. Two: {slack-token} was in the log.")) }},
	} {
		d := whole.document()
		c.change(&d)
		all := rfo.Rubric(rfo.Checker{}, d)
		v := all[c.number-1]
		if v.Yes || v.Gate != c.gate || strings.TrimSpace(v.Reason) == "" {
			t.Errorf("%s: %+v", c.name, v)
		}
		if points := rfo.Points(all); c.gate && points != rfo.GateCap || !c.gate && (points < 17 || points > 19) {
			t.Errorf("%s: %d points", c.name, points)
		}
	}
}
