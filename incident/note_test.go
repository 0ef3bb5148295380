package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestNote(t *testing.T) {
	w := incidenttest.New(t)
	w.Now = clock(14, 30)
	d := w.Do(bob, incident.AddNote{Text: "<@cleo> sees *errors* & timeouts"})
	id := incident.EntryID(w.Incident.Head)
	equal(t, "answer", words(t, d.Say), "Noted on INC-7 as "+id+": @Cleo sees *errors* & timeouts")
	equal(t, "line", w.LastLine(), "@Cleo sees *errors* & timeouts")
	w.Do(bob, incident.AddNote{Text: "first errors", At: clock(13, 50)})
	equal(t, "it stands at its own time", w.Lines()[0], "first errors")
	w.Do(guest, incident.AddNote{Text: "seen from outside too"})
	w.Do(bob, incident.Cancel{Reason: "none"})
	w.Do(bob, incident.AddNote{Text: "afterwards"})
}

func TestNoteRefusals(t *testing.T) {
	w := incidenttest.New(t)
	refused(t, w, []refusal{
		{"nothing", incident.AddNote{Text: "\t"}, incident.Invalid, "note.empty"},
		{"too long", incident.AddNote{Text: tooLong}, incident.Invalid, "refuse.long"},
		{"ahead", incident.AddNote{Text: "x", At: w.Now.Add(2 * time.Minute)}, incident.Invalid, "refuse.future"},
	})
	w.Do(ana, incident.AddNote{Text: "clocks differ", At: w.Now.Add(time.Minute)})
}
