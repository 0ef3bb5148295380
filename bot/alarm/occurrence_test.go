package alarm_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/storage"
)

// each opens an incident for every alarm.
var each = alarm.Rule{Name: "each", Do: alarm.Open}

// recurs is a report under an id that comes back.
func (w *world) recurs(kind incident.AlarmKind, at time.Time) {
	w.Helper()
	a := message("", "checkout", kind, at)
	a.Report.Ref.Source, a.Report.Began, a.Recurs = "sentry", time.Time{}, true
	w.take(a)
}

func (w *world) resolve(inc *incident.Incident) {
	w.Helper()
	err := w.store.Write(w.Context(), func(tx *storage.Tx) error {
		again, err := tx.RawIncident(inc.ID)
		if err != nil {
			return err
		}
		return w.bot.Self(tx, again, incident.Resolve{})
	})
	if err != nil {
		w.Fatal(err)
	}
}

func TestAnAlarmWhoseIDComesBackIsAnotherOne(t *testing.T) {
	w := newWorld(t, each)
	now := w.clock.Now
	w.recurs(incident.AlarmTriggered, now())
	w.clock.Advance(time.Minute)
	w.recurs(incident.AlarmTriggered, now()) // it goes off already
	w.recurs(incident.AlarmResolved, now())
	lines := w.lines(w.only())
	w.clock.Advance(time.Minute)
	w.recurs(incident.AlarmResolved, now()) // it is over already
	if after := w.lines(w.only()); !slices.Equal(after, lines) || strings.Count(strings.Join(after, "\n"), "alarm from Sentry") != 1 {
		t.Errorf("the timeline is %q and was %q", after, lines)
	}
	w.recurs(incident.AlarmTriggered, start) // late: of what is over
	if n := len(w.incidents()); n != 1 {
		t.Errorf("a late report opens another: %d incidents", n)
	}
	w.clock.Advance(time.Minute)
	w.recurs(incident.AlarmTriggered, now())
	if n := len(w.incidents()); n != 2 {
		t.Errorf("%d incidents after it went off anew", n)
	}
}

func TestAnAlarmThatNobodyEndsIsAnotherOneLater(t *testing.T) {
	for _, c := range []struct {
		name    string
		resolve bool
		wait    time.Duration
		want    int
	}{
		{"hours later", false, 23 * time.Hour, 1},
		{"a day later", false, 24 * time.Hour, 2},
		{"just after its incident was over", true, 9 * time.Minute, 1},
		{"after its incident was over", true, 11 * time.Minute, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, each)
			w.recurs(incident.AlarmTriggered, w.clock.Now())
			if c.resolve {
				w.resolve(w.only())
			}
			w.clock.Advance(c.wait)
			w.recurs(incident.AlarmTriggered, w.clock.Now())
			if n := len(w.incidents()); n != c.want {
				t.Errorf("%d incidents, want %d", n, c.want)
			}
		})
	}
}

func TestASuggestionSaysWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	a := message("", "shop@1", incident.AlarmTriggered, start)
	a.Report.Text = "answered 500 instead of 2xx"
	w.take(a)
	var id string
	w.read(func(r *storage.Reader) error {
		row, _, err := r.Alarm(a.Report.Ref)
		id = row.ID
		return err
	})
	text, buttons, ok, err := w.bot.Suggestion(t.Context(), id)
	if err != nil || !ok || text.Args["why"] != "answered 500 instead of 2xx" || len(buttons) != 2 {
		t.Errorf("%+v, %d buttons, %v, %v", text, len(buttons), ok, err)
	}
	if words := w.bot.Book.Text(text, say.Plain{Who: incidenttest.Names{}, Zone: time.UTC}); !strings.Contains(words, "Checkout fails: answered 500") {
		t.Errorf("it reads %q", words)
	}
}

func TestAClockThatIsAheadDoesNotHideTheNextTime(t *testing.T) {
	w := newWorld(t, each)
	w.recurs(incident.AlarmTriggered, w.clock.Now())
	w.clock.Advance(time.Minute)
	w.recurs(incident.AlarmResolved, w.clock.Now().AddDate(50, 0, 0))
	w.clock.Advance(time.Minute)
	w.recurs(incident.AlarmTriggered, w.clock.Now())
	if n := len(w.incidents()); n != 2 {
		t.Errorf("%d incidents", n)
	}
}

func TestAnAlarmThatWasForgottenIsSuggestedAgain(t *testing.T) {
	w := newWorld(t)
	forget := func() (n int64) {
		err := w.store.Write(t.Context(), func(tx *storage.Tx) (err error) {
			n, err = tx.ForgetAlarms(w.clock.Now().Add(-storage.KeepAlarms))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 20 { // it never stops, and nobody takes it up
		w.recurs(incident.AlarmTriggered, w.clock.Now())
		w.clock.Advance(10 * time.Hour)
	}
	if n := forget(); n != 1 {
		t.Fatalf("forgot %d", n)
	}
	w.recurs(incident.AlarmTriggered, w.clock.Now())
	w.clock.Advance(storage.KeepAlarms + time.Hour)
	if n := forget(); n != 1 {
		t.Errorf("it was not kept anew: %d", n)
	}
}

func TestTheEndMayComeFirst(t *testing.T) {
	w := newWorld(t, each)
	w.recurs(incident.AlarmResolved, start.Add(time.Minute))
	w.recurs(incident.AlarmAnnotated, start.Add(time.Minute))
	if n := len(w.incidents()); n != 0 {
		t.Fatalf("%d incidents", n)
	}
	w.clock.Advance(time.Minute)
	w.recurs(incident.AlarmTriggered, start)
	if inc := w.only(); len(inc.Board.Alarms) != 1 || inc.Board.Alarms[0].State() != incident.Quiet {
		t.Errorf("alarms: %+v", inc.Board.Alarms)
	}
}

func TestWhenItWasNoticedIsWhenTheAlarmWentOff(t *testing.T) {
	for source, by := range map[string]string{"alertmanager": "alert", incident.AlarmSynthetic: "synthetic"} {
		w := newWorld(t, each)
		a := message("", "shop@1", incident.AlarmTriggered, start.Add(-time.Minute))
		a.Report.Ref.Source, a.Report.Began, a.Severity = source, start.Add(-4*time.Minute), 3
		w.take(a)
		inc := w.only()
		first, _ := inc.Stamps.Last(incident.FirstSignal)
		noticed, _ := inc.Stamps.Last(incident.Detected)
		if !first.At.Equal(start.Add(-4*time.Minute)) || !noticed.At.Equal(start.Add(-time.Minute)) || first.Source != by || noticed.Source != by {
			t.Errorf("%s: %+v, %+v", source, first, noticed)
		}
		if inc.Life.Severity != 3 {
			t.Errorf("sev%d", inc.Life.Severity)
		}
	}
}

func TestWhatCannotBeReadIsKeptOnce(t *testing.T) {
	w := newWorld(t, each)
	odd := alarm.Odd{Source: "pagerduty", Why: "it is no JSON", Deliveries: []bot.Delivery{{Source: "pagerduty.webhook", ID: "w1"}}, Body: []byte("{")}
	for n := range 3 {
		fresh, err := w.intake.KeepOdd(t.Context(), odd)
		if err != nil || fresh != (n == 0) {
			t.Errorf("%d: %v %v", n, fresh, err)
		}
	}
	w.read(func(r *storage.Reader) error {
		all, err := r.UnreadMessages()
		if len(all) != 1 || all[0].Times != 3 || all[0].Body != "{" || all[0].Why != "it is no JSON" {
			t.Errorf("%+v", all)
		}
		return err
	})
}
