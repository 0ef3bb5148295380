package incident_test

import (
	"slices"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestWhoHasNoTaskIsIdle(t *testing.T) {
	w := incidenttest.Led(t) // by Ana
	everybody := []incident.PersonID{ana, bob, cleo, guest, bob, incident.System}
	is := func(want ...incident.PersonID) {
		t.Helper()
		if got := w.Incident.Idle(everybody); !slices.Equal(got, want) {
			t.Errorf("idle are %v and not %v", got, want)
		}
	}
	is(bob, cleo, guest)
	w.Do(ana, incident.AssignTask{Number: 1, Who: bob})
	w.Do(cleo, incident.JoinTask{Number: 1})
	is(guest)
	w.Do(bob, incident.FinishTask{Number: 1})
	is(bob, cleo, guest)
}
