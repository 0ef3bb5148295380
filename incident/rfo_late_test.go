package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestWhoeverWritesTheRFOIsToldOnceThatMoreIsKnown(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Resolve{})
	w.Do(bob, incident.AddNote{Text: "before it is out"})
	equal(t, "before publishing", w.Due("rfo.late").IsZero(), true)
	w.Do(ana, incident.PublishRFO{})
	w.Do(ana, incident.AddNote{Text: "she knows what she wrote"})
	equal(t, "by herself", w.Due("rfo.late").IsZero(), true)

	w.Do(bob, incident.AddNote{Text: "found in the log"})
	w.Do(bob, incident.SetImpact{Low: 3, High: 3, Unit: "users", HasNumber: true})
	told := func() (n int, last incident.Effect) {
		for _, d := range w.Advance(24 * time.Hour) {
			for _, e := range d.Effects {
				if e.Say.ID == "rfo_late.told" {
					n, last = n+1, e
				}
			}
		}
		return n, last
	}
	n, e := told()
	equal(t, "told", n, 1)
	equal(t, "whom", e.People[0], ana)
	equal(t, "how many", e.Say.Args["count"].(int), 2)
	w.Do(bob, incident.AddNote{Text: "one more"})
	n, _ = told()
	equal(t, "told again of the same revision", n, 0)

	w.Do(ana, incident.PublishRFO{})
	w.Do(bob, incident.AddNote{Text: "later still"})
	n, _ = told()
	equal(t, "told of the next revision", n, 1)
}

func TestWhatIsTakenBackIsNotNews(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Resolve{})
	w.Do(ana, incident.PublishRFO{})
	w.Do(bob, incident.AddNote{Text: "a slip"})
	w.Do(bob, incident.Undo{})
	equal(t, "due", w.Due("rfo.late").IsZero(), true)
}
