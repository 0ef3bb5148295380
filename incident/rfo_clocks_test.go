package incident_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestRFOIsRemindedUntilItIsThere(t *testing.T) {
	w := incidenttest.New(t) // sev1: five days
	w.Now = time.Date(2026, 12, 29, 14, 0, 0, 0, time.UTC)
	w.Do(ana, incident.Resolve{})
	var at []string
	for len(at) < 4 {
		due := w.Due("rfo.due")
		at = append(at, due.Format("Mon 2006-01-02 15:04"))
		if got := tells(w.Advance(due.Sub(w.Now)), "rfo_clocks.owed"); !slices.Equal(got, []incident.PersonID{ana}) {
			t.Fatalf("at %s told are %v; it should be Ana", due, got)
		}
	}
	// Half of the time is in the night to 1 January, all of it is on a Sunday.
	want := []string{"Fri 2027-01-01 09:00", "Mon 2027-01-04 09:00", "Tue 2027-01-05 09:00", "Wed 2027-01-06 09:00"}
	if !slices.Equal(at, want) {
		t.Errorf("reminded at %v; it should be %v", at, want)
	}
	w.MustUndo(ana, incident.SkipRFO{Reason: "a test shop"})
	w.Do(ana, incident.PublishRFO{})
	equal(t, "when it is published", w.Due("rfo.due"), time.Time{})
}

func TestRFOReminderKeepsToDaylight(t *testing.T) {
	w := bobIn(t, berlin(t), time.Date(2026, 3, 26, 15, 30, 0, 0, time.UTC)) // sev2: five days, over 29 March
	w.Do(ana, incident.OwnRFO{Who: bob})
	equal(t, "half of it is on a Sunday", w.Due("rfo.due"), time.Date(2026, 3, 30, 7, 0, 0, 0, time.UTC))
	w.Now = time.Date(2026, 4, 4, 3, 0, 0, 0, time.UTC) // a Saturday after a downtime
	equal(t, "told on a Saturday", len(tells(w.Advance(time.Hour), "rfo_clocks.owed")), 0)
	equal(t, "told on Monday", len(tells(w.Advance(52*time.Hour), "rfo_clocks.owed")), 1)
	w.Do(bob, incident.SkipRFO{Reason: "a test shop"})
	equal(t, "when it is skipped", w.Due("rfo.due"), time.Time{})
}
