package incident_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// Whoever is written to directly does not see the channel: in a drill each direct
// message says that it is one, and in earnest none does.
func TestEveryDirectMessageOfADrillSaysSo(t *testing.T) {
	for _, drill := range []bool{true, false} {
		w := incidenttest.Empty(t)
		w.Do(ana, incident.OpenIncident{Title: "Checkout is down", Severity: 1, Drill: drill})
		var told []incident.Say
		keep := func(d incident.Decision) {
			for _, e := range d.Effects {
				if e.Kind == incident.Tell {
					told = append(told, e.Say)
				}
			}
		}
		keep(w.Do(bob, incident.Lead{Who: bob}))
		keep(w.Do(ana, incident.AddTask{Text: "look at the queue"}))
		keep(w.Do(ana, incident.AssignTask{Number: 4, Who: bob}))
		keep(w.Do(cleo, incident.Follow{On: true}))
		keep(w.Do(bob, incident.SendUpdate{Text: "we are looking"}))
		for _, d := range w.Advance(time.Minute) {
			keep(d)
		}
		keep(w.Do(incident.System, incident.LoseChannel{Reason: "channel_archive"}))
		keep(w.Do(bob, incident.Resolve{}))
		keep(w.Do(ana, incident.OwnRFO{Who: cleo}))
		if len(told) < 5 {
			t.Fatalf("only %d direct messages", len(told))
		}
		for _, one := range told {
			if text := words(t, one); strings.HasPrefix(text, "*Drill, nothing is broken.* ") != drill || strings.Count(text, "Drill") > 1 {
				t.Errorf("drill %v: %s", drill, text)
			}
		}
	}
}
