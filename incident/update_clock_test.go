package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// reminders counts the notices that an update is due.
func reminders(decisions []incident.Decision) int {
	n := 0
	for _, d := range decisions {
		for _, e := range d.Effects {
			if e.Kind == incident.Post && e.Say.ID == "update.due" {
				n++
			}
		}
	}
	return n
}

func TestUpdateIsRemindedOncePerInterval(t *testing.T) {
	w := incidenttest.Led(t) // sev1: every 30 minutes
	equal(t, "due", w.Due("update"), w.Incident.Identity.OpenedAt.Add(30*time.Minute))
	equal(t, "in 29 minutes", reminders(w.Advance(29*time.Minute)), 0)
	equal(t, "in 35 minutes", reminders(w.Advance(6*time.Minute)), 1)
	equal(t, "in 65 minutes", reminders(w.Advance(30*time.Minute)), 1)
	equal(t, "line", w.LastLine(), "an update was due")
}

func TestUpdateSentMovesTheReminder(t *testing.T) {
	w := incidenttest.Led(t)
	w.Advance(20 * time.Minute)
	w.Do(ana, incident.SendUpdate{Text: "we are looking"})
	equal(t, "while one is held", w.Due("update"), time.Time{})
	w.Advance(30 * time.Second)
	last, ok := w.Incident.Log.LastUpdate()
	equal(t, "sent", ok, true)
	equal(t, "due", w.Due("update"), last.Sent.Add(30*time.Minute))
	equal(t, "reminders before", reminders(w.Advance(29*time.Minute)), 0)
	equal(t, "reminders after", reminders(w.Advance(2*time.Minute)), 1)
}

func TestUpdateReminderFollowsStatusAndSeverity(t *testing.T) {
	w := incidenttest.Led(t)
	w.Do(ana, incident.SetSeverity{Level: 2})
	equal(t, "sev2", w.Due("update"), w.Incident.Identity.OpenedAt.Add(time.Hour))
	w.Do(ana, incident.SetSeverity{Level: 3})
	equal(t, "sev3 has none", w.Due("update"), time.Time{})
	w.Do(ana, incident.SetSeverity{Level: 1})
	w.Do(ana, incident.Mitigate{})
	equal(t, "mitigated", w.Due("update"), time.Time{})
	w.Advance(2 * time.Hour)
	w.Do(ana, incident.Reopen{Reason: "it is back"})
	m, _ := w.Incident.Life.Latest(incident.Open)
	equal(t, "counts from the reopening", w.Due("update"), m.At.Add(30*time.Minute))
}

func TestUpdateReminderAfterADowntimeComesOnce(t *testing.T) {
	w := incidenttest.Led(t)
	w.Now = w.Now.Add(5 * time.Hour) // nobody looked at the clocks meanwhile
	equal(t, "reminders", reminders(w.Advance(0)), 1)
	equal(t, "next", w.Due("update"), w.Now.Add(30*time.Minute))
}

func TestUpdateClockFiredTooEarlyOrTooLateIsSilent(t *testing.T) {
	w := incidenttest.Led(t)
	due := incident.Due{Kind: "update", At: w.Due("update")}
	equal(t, "events too early", len(w.Do(incident.System, incident.Fire{Due: due}).Events), 0)
	w.Do(ana, incident.Resolve{})
	w.Now = w.Now.Add(time.Hour)
	equal(t, "events when it is over", len(w.Do(incident.System, incident.Fire{Due: due}).Events), 0)
}
