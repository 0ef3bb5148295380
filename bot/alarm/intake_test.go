package alarm_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

var opening = alarm.Rule{Name: "page", Match: alarm.Match{Urgencies: []string{"high"}}, Do: alarm.Open, Severity: 1, Tasks: []string{"Look at the dashboard"}, Window: 15 * time.Minute}

func TestAnAlarmOpensAnIncident(t *testing.T) {
	w := newWorld(t, opening)
	w.take(message("e1", "P1", incident.AlarmTriggered, start.Add(-10*time.Minute)))
	inc := w.only()
	if inc.Identity.Title != "Checkout fails" || inc.Life.Severity != 1 || inc.Identity.Opener != incident.System {
		t.Errorf("opened as %+v, sev%d", inc.Identity, inc.Life.Severity)
	}
	if !strings.HasPrefix(inc.Call().URL, "https://jitsi.example.org/") {
		t.Errorf("the call is %q", inc.Call().URL)
	}
	if len(w.effects(inc, incident.CreateChannel)) != 1 {
		t.Error("no channel is made")
	}
	for _, name := range []incident.StampName{incident.FirstSignal, incident.Detected} {
		p, ok := inc.Stamps.Last(name)
		if !ok || !p.At.Equal(start.Add(-10*time.Minute)) || p.Quality != incident.Auto || p.Source != "alert" {
			t.Errorf("%s is %+v", name, p)
		}
	}
	if n := len(inc.Board.Tasks); n != 2 || inc.Board.Tasks[1].Text != "Look at the dashboard" {
		t.Errorf("tasks: %+v", inc.Board.Tasks)
	}
	if _, ok := inc.Board.Service("checkout-api"); !ok {
		t.Error("the alarm's service is not on the board")
	}
	a := inc.Board.Alarms[0]
	if a.URL.Value != "https://example.pagerduty.com/i/P1" || a.State() != incident.Firing {
		t.Errorf("the alarm is %+v", a)
	}
}

func TestADeliveryIsTakenOnceForEver(t *testing.T) {
	w := newWorld(t, opening)
	first := message("e1", "P1", incident.AlarmTriggered, start)
	w.take(first)
	lines := w.lines(w.only())
	for range 100 {
		w.clock.Advance(100 * time.Hour)
		w.take(first)
	}
	if after := w.lines(w.only()); !slices.Equal(after, lines) {
		t.Errorf("the timeline is %q and was %q", after, lines)
	}
}

func TestAlarmsWithinTheWindowJoinOneIncident(t *testing.T) {
	w := newWorld(t, opening)
	for n, id := range []string{"P1", "P2", "P3"} {
		w.take(message("e"+id, id, incident.AlarmTriggered, start.Add(time.Duration(n)*time.Minute)))
		w.clock.Advance(14 * time.Minute)
	}
	if inc := w.only(); len(inc.Board.Alarms) != 3 {
		t.Errorf("it has %d alarms", len(inc.Board.Alarms))
	}
	w.clock.Advance(2 * time.Minute)
	w.take(message("e4", "P4", incident.AlarmTriggered, w.clock.Now()))
	if all := w.incidents(); len(all) != 2 || all[1].Key() != "INC-2" {
		t.Errorf("there are %d incidents after the window", len(all))
	}
	w.take(message("e5", "P5", incident.AlarmTriggered, w.clock.Now()))
	if all := w.incidents(); len(all) != 2 || len(all[1].Board.Alarms) != 2 {
		t.Error("the next alarm does not join the newer incident")
	}
}

func TestResolvedThereDoesNotCloseOurs(t *testing.T) {
	w := newWorld(t, opening)
	w.take(message("e1", "P1", incident.AlarmTriggered, start))
	w.take(message("e2", "P1", incident.AlarmResolved, start.Add(time.Minute)))
	inc := w.only()
	posts := w.effects(inc, incident.Post)
	if inc.Life.Status != incident.Open || len(posts) != 1 || posts[0].Choices[0].Line != "mitigated" {
		t.Errorf("it is %s, posts %+v", inc.Life.Status, posts)
	}
	for n := range 5 { // it flaps
		at := start.Add(time.Duration(2+n) * time.Minute)
		w.take(message("", "P1", incident.AlarmReopened, at))
		w.take(message("", "P1", incident.AlarmResolved, at.Add(time.Second)))
	}
	if n := len(w.effects(w.only(), incident.Post)); n != 1 {
		t.Errorf("a flapping alarm posts %d times", n)
	}
}

func TestRulesDecide(t *testing.T) {
	for _, c := range []struct {
		name string
		rule alarm.Rule
		want int // incidents
		held bool
	}{
		{"another urgency", alarm.Rule{Name: "r", Match: alarm.Match{Urgencies: []string{"low"}}, Do: alarm.Open}, 0, true},
		{"any case", alarm.Rule{Name: "r", Match: alarm.Match{Services: []string{"Checkout-API"}}, Do: alarm.Open}, 1, false},
		{"ignored", alarm.Rule{Name: "r", Do: alarm.Ignore}, 0, true},
		{"nothing to attach to", alarm.Rule{Name: "r", Do: alarm.Attach}, 0, true},
		{"suggested", alarm.Rule{Name: "r", Do: alarm.Suggest}, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, c.rule)
			w.take(message("e1", "P1", incident.AlarmTriggered, start))
			if n := len(w.incidents()); n != c.want {
				t.Errorf("%d incidents", n)
			}
			w.read(func(r *storage.Reader) error {
				row, known, err := r.Alarm(incident.AlarmRef{Source: "pagerduty", ID: "P1"})
				if !known || (row.Body != "") != c.held {
					t.Errorf("the alarm is kept as %+v", row)
				}
				return err
			})
		})
	}
}

// TestAnAlarmsIncidentHasARoomThoughNobodyDeclaredIt takes the call from the rooms
// that were made ahead.
func TestAnAlarmsIncidentHasARoomThoughNobodyDeclaredIt(t *testing.T) {
	w := newWorld(t, alarm.Rule{Name: "all", Do: alarm.Open})
	chain, err := calls.New([]string{"meet", "jitsi:https://jitsi.example.org"}, w.bot.NewID)
	if err != nil {
		t.Fatal(err)
	}
	w.bot.Calls = chain
	err = w.store.Write(t.Context(), func(tx *storage.Tx) error {
		id, err := tx.BeginRoom("meet", "")
		if err != nil {
			return err
		}
		return tx.KeepRoom(id, "spaces/x", "https://meet.google.com/one", start.Add(time.Hour))
	})
	if err != nil {
		t.Fatal(err)
	}
	w.take(message("d1", "P1", incident.AlarmTriggered, start))
	w.take(message("d2", "P2", incident.AlarmTriggered, start))
	var got []string
	err = w.store.Read(t.Context(), func(r *storage.Reader) error {
		all, err := r.RawBriefs()
		for _, b := range all {
			inc, err := r.RawIncident(b.ID)
			if err != nil {
				return err
			}
			got = append(got, inc.Call().Provider)
		}
		return err
	})
	slices.Sort(got)
	if err != nil || !slices.Equal(got, []string{"jitsi", "meet"}) {
		t.Errorf("the calls are at %v, %v", got, err)
	}
}
