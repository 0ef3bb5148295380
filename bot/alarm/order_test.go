package alarm_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/bot/playground/chaos"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// story is six events of one alarm, in the order in which they happened.
func story(id string) []alarm.Alarm {
	var all []alarm.Alarm
	for n, kind := range []incident.AlarmKind{
		incident.AlarmTriggered, incident.AlarmAcked, incident.AlarmEscalated, incident.AlarmPrioritised, incident.AlarmAnnotated, incident.AlarmResolved,
	} {
		m := message(fmt.Sprint(id, "-", n), id, kind, start.Add(time.Duration(n-10)*time.Minute))
		m.Report.Began = start.Add(-10 * time.Minute)
		switch kind {
		case incident.AlarmAnnotated:
			m.Report.Facts, m.Report.Began, m.Report.Text = incident.AlarmFacts{}, time.Time{}, "queue is full"
		case incident.AlarmPrioritised:
			m.Report.Facts.Priority = "P1"
		case incident.AlarmAcked:
			m.Report.By = "Ana Meyer"
		case incident.AlarmEscalated:
			m.Report.Who = []string{"Bob Stone"}
		default:
		}
		all = append(all, m)
	}
	return all
}

// orders are all orders of n things.
func orders(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, shorter := range orders(n - 1) {
		for at := range n {
			order := append(append(append([]int{}, shorter[:at]...), n-1), shorter[at:]...)
			all = append(all, order)
		}
	}
	return all
}

// TestEveryOrderOfSixEventsGivesOneState takes the six events in all 720 orders,
// each event twice or a hundred times, and looks at what came of it: one incident, one line of the
// timeline for each event, one state.
func TestEveryOrderOfSixEventsGivesOneState(t *testing.T) {
	w := newWorld(t, alarm.Rule{Name: "page", Do: alarm.Open})
	all := orders(6)
	if len(all) != 720 {
		t.Fatalf("%d orders", len(all))
	}
	var wg sync.WaitGroup
	queue := make(chan int)
	for range 24 {
		wg.Go(func() {
			for n := range queue {
				events := story(fmt.Sprintf("P%04d", n))
				copies := 2
				if n == 0 {
					copies = 100
				}
				for _, at := range all[n] {
					for range copies {
						if err := w.intake.Take(t.Context(), events[at]); err != nil {
							t.Error(err)
						}
					}
				}
			}
		})
	}
	for n := range all {
		queue <- n
	}
	close(queue)
	wg.Wait()
	incidents := w.incidents()
	if len(incidents) != len(all) {
		t.Fatalf("%d incidents of %d alarms", len(incidents), len(all))
	}
	want := ""
	for _, inc := range incidents {
		got := w.outcome(inc)
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("%s is\n%s\nand the first\n%s", inc.Key(), got, want)
		}
	}
	if !strings.Contains(want, "queue is full") || strings.Count(want, "alarm") < 6 {
		t.Errorf("not every event is told: %s", want)
	}
	chaos.Figure{
		Program: "an alarm's webhooks in every order, each told several times", Seed: 0,
		Count:  fmt.Sprintf("%d orders of 6 events, each event twice, in the first order 100 times", len(all)),
		Result: "one incident for each alarm, one line for each event, one state",
	}.Show(t)
}

// outcome is what came of an alarm, without what tells incidents apart.
func (w *world) outcome(inc *incident.Incident) string {
	w.Helper()
	if len(inc.Board.Alarms) != 1 {
		w.Fatalf("%s has %d alarms", inc.Key(), len(inc.Board.Alarms))
	}
	a := inc.Board.Alarms[0]
	id := a.Ref.ID
	lines := slices.DeleteFunc(w.lines(inc), func(l string) bool { return strings.Contains(l, "call link") }) // a room of its own
	a.Since = time.Time{}
	first, _ := inc.Stamps.Last(incident.FirstSignal)
	found, _ := inc.Stamps.Last(incident.Detected)
	first.Seq, found.Seq = 0, 0
	body, err := json.MarshalIndent(map[string]any{
		"alarm": a, "state": a.State(), "status": inc.Life.Status, "title": inc.Identity.Title, "lines": lines,
		"posts": len(w.effects(inc, incident.Post)), "channels": len(w.effects(inc, incident.CreateChannel)), "first": first, "found": found,
	}, "", " ")
	if err != nil {
		w.Fatal(err)
	}
	return strings.ReplaceAll(string(body), id, "P")
}

// press is a button of a suggestion, pressed.
func (w *world) press(user, line string) bot.Answer {
	w.Helper()
	return w.bot.Handle(w.Context(), bot.Request{
		Delivery: bot.Delivery{Source: "test", ID: fmt.Sprint(w.last.Add(1))}, From: bot.From{Team: "T1", User: user, Channel: "C-incidents"},
		Surface: "button", Text: line, Marked: true, Confirmed: true,
	})
}

// row is an alarm as it is kept.
func (w *world) row(id string) (row storage.Alarm) {
	w.Helper()
	w.read(func(r *storage.Reader) (err error) {
		row, _, err = r.Alarm(incident.AlarmRef{Source: "pagerduty", ID: id})
		return err
	})
	return row
}

// TestTwentyPeopleDeclareOneAlarm has all of them press the button of one suggestion
// in the same moment.
func TestTwentyPeopleDeclareOneAlarm(t *testing.T) {
	const people = 20
	w := newWorld(t, alarm.Rule{Name: "ask", Do: alarm.Suggest, Severity: 3})
	w.take(message("e1", "P1", incident.AlarmTriggered, start.Add(-time.Minute)))
	line := "alarm open " + w.row("P1").ID
	answers := make([]bot.Answer, people)
	var all sync.WaitGroup
	for n := range people {
		all.Go(func() { answers[n] = w.press(fmt.Sprint("U", n+1), line) })
	}
	all.Wait()
	opened := 0
	for _, a := range answers {
		switch {
		case a.Kind == bot.Done:
			opened++
		case a.Kind != bot.Refused || !strings.Contains(a.Text, "INC-1 has this alarm"):
			t.Errorf("answered %+v", a)
		}
	}
	incidents := w.incidents()
	if opened != 1 || len(incidents) != 1 || len(w.effects(incidents[0], incident.CreateChannel)) != 1 {
		t.Errorf("%d were told that they opened one; %d incidents", opened, len(incidents))
	}
	chaos.Figure{
		Program: "people who declare the same alarm at once", Seed: 0, Count: fmt.Sprintf("%d people", people),
		Result: fmt.Sprintf("%d incident, one channel; %d told which one it is", len(incidents), people-opened),
	}.Show(t)
}

func TestASuggestionIsTakenUpByAButton(t *testing.T) {
	w := newWorld(t, alarm.Rule{Name: "ask", Do: alarm.Suggest, Severity: 3})
	w.take(message("e1", "P1", incident.AlarmTriggered, start.Add(-time.Minute)))
	w.take(message("e2", "P1", incident.AlarmAcked, start))
	id := w.row("P1").ID
	if a := w.press("U1", "alarm open "+id); a.Kind != bot.Done {
		t.Fatalf("answered %+v", a)
	}
	inc := w.only()
	if inc.Life.Severity != 3 || inc.Identity.Opener == incident.System || len(inc.Board.Alarms) != 1 || inc.Board.Alarms[0].State() != incident.Taken {
		t.Errorf("opened as %+v with %+v", inc.Identity, inc.Board.Alarms)
	}
	if a := w.press("U2", "alarm open "+id); a.Kind != bot.Refused || !strings.Contains(a.Text, "INC-1 has this alarm") {
		t.Errorf("a second press is answered %+v", a)
	}
	w.take(message("e3", "P1", incident.AlarmResolved, start.Add(time.Minute)))
	if s := w.only().Board.Alarms[0].State(); s != incident.Quiet {
		t.Errorf("what followed did not reach the incident: %s", s)
	}
}

func TestASuggestionIsAttachedOrIgnored(t *testing.T) {
	w := newWorld(t, alarm.Rule{Name: "ask", Do: alarm.Suggest})
	w.press("U1", "open Checkout is down")
	w.take(message("e1", "P1", incident.AlarmTriggered, start))
	w.take(message("e2", "P2", incident.AlarmTriggered, start))
	if a := w.press("U1", "INC-1 alarm attach "+w.row("P1").ID); a.Kind != bot.Done {
		t.Fatalf("answered %+v", a)
	}
	if n := len(w.only().Board.Alarms); n != 1 {
		t.Errorf("it has %d alarms", n)
	}
	if a := w.press("U1", "alarm ignore "+w.row("P2").ID); !strings.Contains(a.Text, "left alone") {
		t.Fatalf("answered %+v", a)
	}
	w.take(message("e3", "P2", incident.AlarmEscalated, start.Add(time.Minute)))
	held, err := bot.Held(w.row("P2"))
	if err != nil || !held.Ignored || len(held.Reports) != 2 || len(w.incidents()) != 1 {
		t.Errorf("kept as %+v (%v)", held, err)
	}
}
