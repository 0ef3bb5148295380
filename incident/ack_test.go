package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestAckIsNowUnlessATimeIsGiven(t *testing.T) {
	w := incidenttest.New(t)
	now := w.Now
	w.Do(bob, incident.Acknowledge{})
	p, _ := w.Incident.Stamps.Last(incident.Acked)
	equal(t, "time", p.At, now)
	equal(t, "by", p.By, bob)
}

func TestAckTwiceIsAnsweredWithTheFirst(t *testing.T) {
	w := incidenttest.New(t)
	now := w.Now
	w.Do(bob, incident.Acknowledge{})
	e := w.MustRefuse(ana, incident.Acknowledge{}, incident.Conflict, "ack.twice")
	equal(t, "who was first", e.Say.Args["by"].(incident.PersonID), bob)
	equal(t, "when", e.Say.Args["at"], any(now))
	w.MustUndo(ana, incident.Acknowledge{At: clock(13, 59)}) // a time corrects
}
