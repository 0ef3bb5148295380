package incident_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

const (
	ana   = incidenttest.Ana
	bob   = incidenttest.Bob
	cleo  = incidenttest.Cleo
	guest = incidenttest.Guest
)

// clock is a time of the day on which every World begins, at 14:00.
func clock(hour, minute int) time.Time {
	return time.Date(2026, 3, 4, hour, minute, 0, 0, time.UTC)
}

// day is a date in the month in which every World begins, on Wednesday the 4th.
func day(d int) incident.Civil { return incident.Civil{Year: 2026, Month: time.March, Day: d} }

// tooLong is one character more than a text may have.
var tooLong = strings.Repeat("ä", incident.TextLimit+1)

// refusal is a command and how it must be refused.
type refusal struct {
	name string
	c    incident.Command
	code incident.Code
	id   string
}

// refused runs each command by Ana; none may change anything.
func refused(t *testing.T, w *incidenttest.World, list []refusal) {
	t.Helper()
	for _, r := range list {
		t.Run(r.name, func(t *testing.T) {
			head := w.Incident.Head
			w.MustRefuse(ana, r.c, r.code, r.id)
			if w.Incident.Head != head {
				t.Errorf("a refusal left %d events", w.Incident.Head-head)
			}
		})
	}
}

// equal fails unless what came out is what was wanted.
func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v; it should be %v", what, got, want)
	}
}

// moments are the verbs that record a moment, each for one stamp.
var moments = []struct {
	name string
	give func(time.Time) incident.Command
	line string
}{
	{"impact_start", func(at time.Time) incident.Command { return incident.SetStarted{At: at} }, "impact began"},
	{"first_signal", func(at time.Time) incident.Command { return incident.SetFirstError{At: at, Text: "timeouts"} }, "first error: timeouts"},
	{"detected", func(at time.Time) incident.Command {
		return incident.SetDetected{Source: "customer", At: at, Text: "cannot pay"}
	}, "found first by a customer: cannot pay"},
	{"acked", func(at time.Time) incident.Command { return incident.Acknowledge{At: at} }, "first reaction"},
}

func TestMomentsKeepEveryValueAndTheLastHolds(t *testing.T) {
	for _, m := range moments {
		t.Run(m.name, func(t *testing.T) {
			w := incidenttest.New(t)
			w.Do(ana, m.give(clock(13, 50)))
			d := w.Do(bob, m.give(clock(13, 40)))
			points := w.Incident.Stamps[incident.StampName(m.name)]
			if len(points) != 2 {
				t.Fatalf("%d values are kept; both should be", len(points))
			}
			for n, want := range []incident.Point{{At: clock(13, 50), By: ana}, {At: clock(13, 40), By: bob}} {
				equal(t, "time", points[n].At, want.At)
				equal(t, "who said it", points[n].By, want.By)
				equal(t, "quality", points[n].Quality, incident.Human)
			}
			last, ok := w.Incident.Stamps.Last(incident.StampName(m.name))
			equal(t, "recorded", ok, true)
			equal(t, "the time that holds", last.At, clock(13, 40))
			equal(t, "the place on the timeline", w.Records[len(w.Records)-1].Occurred, clock(13, 40))
			equal(t, "line", w.LastLine(), m.line)
			equal(t, "said time", d.Say.Args["at"].(time.Time), clock(13, 40))
			w.Do(bob, incident.Undo{})
			last, _ = w.Incident.Stamps.Last(incident.StampName(m.name))
			equal(t, "the time after undo", last.At, clock(13, 50))
		})
	}
}

func TestMomentsMayNotLieAheadNorComeAfterAFalseAlarm(t *testing.T) {
	for _, m := range moments {
		t.Run(m.name, func(t *testing.T) {
			w := incidenttest.New(t)
			w.Do(ana, m.give(w.Now.Add(time.Minute))) // clocks differ
			w.MustRefuse(ana, m.give(w.Now.Add(2*time.Minute)), incident.Invalid, "refuse.future")
			w.Do(ana, incident.Cancel{Reason: "a test"})
			w.MustRefuse(ana, m.give(clock(13, 50)), incident.Conflict, "refuse.status.cancelled")
		})
	}
}

func TestMomentsGivenByAMachineAreRecordedAsTheyHappened(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(incident.System, incident.SetFirstError{At: clock(13, 58)})
	p, _ := w.Incident.Stamps.Last(incident.FirstSignal)
	equal(t, "quality", p.Quality, incident.Auto)
}
