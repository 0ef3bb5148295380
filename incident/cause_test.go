package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestRollingBackComesBeforeTheCause(t *testing.T) {
	rate := func(state incident.ServiceState) func(*incidenttest.World) {
		return func(w *incidenttest.World) { w.Do(ana, incident.RateService{Name: "checkout", State: state}) }
	}
	for _, tt := range []struct {
		name, text string
		before     func(*incidenttest.World)
		want       bool
	}{
		{"the cause", "Find the root cause", nil, true},
		{"why", "why did the deploy break it?", nil, true},
		{"investigate", "Investigate cause: logs", rate(incident.Bleeding), true},
		{"debug", "debug the consumer", nil, true},
		{"all is rolled back", "find the root cause", rate(incident.RolledBack), false},
		{"users are well", "find the root cause", func(w *incidenttest.World) { w.Do(ana, incident.Mitigate{}) }, false},
		{"a rollback", "roll back the queue, whyever it grows", nil, false},
		{"because", "because of load, scale the queue", nil, false},
		{"the surface", "find the surface of the bleeding in the other region", nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := incidenttest.New(t)
			if tt.before != nil {
				tt.before(w)
			}
			first := func(text string) bool {
				d := w.Do(bob, incident.AddTask{Text: text, Confirmed: true})
				return d.Say.Args["first"].(incident.Say).ID != ""
			}
			if got := first(tt.text); got != tt.want {
				t.Errorf("reminded: %v", got)
			}
			if first("what caused it") && tt.want {
				t.Error("reminded a second time")
			}
		})
	}
}
