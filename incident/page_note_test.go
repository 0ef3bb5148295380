package incident_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// goesOff has an alarm go off in PagerDuty.
func goesOff(w *incidenttest.World, id string) {
	ref := incident.AlarmRef{Source: "pagerduty", ID: id}
	w.Do(incident.System, incident.AlarmReport{Ref: ref, Kind: incident.AlarmTriggered, At: w.Now}.Command())
}

// pagerNotes are the texts of the notes that a decision writes, as the alarms show them.
func pagerNotes(w *incidenttest.World, d incident.Decision) (notes []string) {
	for _, e := range d.Effects {
		if e.Kind != incident.NotePager {
			continue
		}
		text, ok := w.Incident.PagerNote(int64(e.Number), incidenttest.Names{})
		if !ok {
			text = "nothing"
		}
		notes = append(notes, e.Ref+" "+w.Incident.NoteMarker(int64(e.Number))+text)
	}
	return notes
}

func TestWhatMattersIsNotedOnTheAlarms(t *testing.T) {
	w := withPaging(t)
	goesOff(w, "PONE")
	goesOff(w, "PTWO")
	w.Do(incident.System, incident.AlarmReport{Ref: incident.AlarmRef{Source: "pagerduty", ID: "PTWO"}, Kind: incident.AlarmResolved, At: w.Now}.Command())
	equal(t, "a note of a person's", len(pagerNotes(w, w.Do(ana, incident.AddNote{Text: "looked at the queue"}))), 0)
	d := w.Do(ana, incident.MakeDecision{Text: "roll <@bob> back"})
	got := strings.Join(pagerNotes(w, d), "\n")
	equal(t, "decided", strings.HasPrefix(got, "PONE Rollcall INC-7 E") && strings.HasSuffix(got, ": decided: roll @Bob back (Ana)"), true)
	equal(t, "recognised", incident.OwnNote(strings.TrimPrefix(got, "PONE ")), true)
	equal(t, "somebody's own", incident.OwnNote("Rollcall is great: E5: "), false)

	w.Do(ana, incident.Undo{})
	equal(t, "undone", strings.HasSuffix(strings.Join(pagerNotes(w, d), ""), ": nothing"), true)

	held := w.Do(ana, incident.SendUpdate{Text: "we roll back"})
	equal(t, "held", len(pagerNotes(w, held)), 0)
	got = strings.Join(pagerNotes(w, w.Do(ana, incident.SendNow{Entry: w.Incident.Log.Held()[0].Seq})), "\n")
	equal(t, "update", strings.HasSuffix(got, ": update: we roll back (Ana)"), true)

	got = strings.Join(pagerNotes(w, w.Do(bob, incident.Mitigate{Text: "the old version"})), "\n")
	equal(t, "mitigated", strings.HasSuffix(got, ": mitigated: the old version (Bob)"), true)
	equal(t, "a corrected time", len(pagerNotes(w, w.Do(bob, incident.Mitigate{At: w.Now.Add(-time.Minute)}))), 0)
	w.Do(bob, incident.Resolve{Text: "for good"})
	equal(t, "resolution", w.Incident.Resolution(incidenttest.Names{}), "Rollcall INC-7: over: for good")
}

func TestOfAPrivateIncidentOnlyItsEndIsNoted(t *testing.T) {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(paging))
	w.Do(ana, incident.OpenIncident{Title: "Salaries are public", Private: true})
	goesOff(w, "PONE")
	d := w.Do(ana, incident.MakeDecision{Text: "salaries"})
	equal(t, "decided", len(pagerNotes(w, d)), 0)
	_, ok := w.Incident.PagerNote(w.Incident.Log.Decisions[0].Seq, incidenttest.Names{})
	equal(t, "even if asked", ok, false)
	got := strings.Join(pagerNotes(w, w.Do(ana, incident.Mitigate{Text: "salaries"})), "\n")
	equal(t, "mitigated", strings.HasSuffix(got, ": mitigated") && !strings.Contains(got, "salaries"), true)
	w.Do(ana, incident.Resolve{Text: "salaries"})
	equal(t, "resolution", w.Incident.Resolution(incidenttest.Names{}), "Rollcall "+w.Incident.Key()+": over")
}

func TestADrillNotesNothing(t *testing.T) {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(paging))
	w.Do(ana, incident.OpenIncident{Title: "Practice", Drill: true})
	goesOff(w, "PONE")
	equal(t, "notes", len(pagerNotes(w, w.Do(ana, incident.MakeDecision{Text: "x"}))), 0)
}

func TestALeaderWhomPagerDutyDoesNotKnowIsNamedOnce(t *testing.T) {
	w := withPaging(t)
	goesOff(w, "PONE")
	w.Do(ana, incident.Lead{Who: ana})
	d := w.Do(incident.System, incident.LeaveUnacked{Who: ana})
	equal(t, "said", words(t, d.Effects[0].Say), "The alarm of INC-7 is not acknowledged in PagerDuty, which goes on paging: "+
		"it has nobody with the e-mail address of @Ana. Acknowledge it there.")
	equal(t, "line", w.LastLine(), "alarms are not acknowledged in PagerDuty, which does not know Ana")
	w.MustRefuse(incident.System, incident.LeaveUnacked{Who: ana}, incident.Conflict, "alarm_unacked.settled")
	w.MustRefuse(incident.System, incident.LeaveUnacked{Who: bob}, incident.Conflict, "alarm_unacked.settled") // who does not lead
	w.MustRefuse(ana, incident.LeaveUnacked{Who: ana}, incident.Forbidden, "refuse.verb")
}
