package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestFirstErrorNeedsATime(t *testing.T) {
	w := incidenttest.New(t)
	refused(t, w, []refusal{
		{"no time", incident.SetFirstError{Text: "timeouts"}, incident.Invalid, "first_error.no_time"},
		{"long text", incident.SetFirstError{At: clock(13, 50), Text: tooLong}, incident.Invalid, "refuse.long"},
	})
	w.MustUndo(ana, incident.SetFirstError{At: clock(13, 50)})
}

func TestFirstErrorCorrectedSaysTheFormerTime(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(ana, incident.SetFirstError{At: clock(13, 50)})
	equal(t, "former time", d.Say.Args["former"].(time.Time), time.Time{})
	d = w.Do(ana, incident.SetFirstError{At: clock(13, 40)})
	equal(t, "former time", d.Say.Args["former"].(time.Time), clock(13, 50))
}

func TestFirstErrorMayComeLongAfterTheRest(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Mitigate{})
	w.Do(ana, incident.Resolve{})
	w.Do(ana, incident.SetFirstError{At: clock(13, 50)})
	p, _ := w.Incident.Stamps.Last(incident.FirstSignal)
	equal(t, "time", p.At, clock(13, 50))
}
