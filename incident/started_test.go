package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestStartedNeedsATimeWhichMayBeDaysAgo(t *testing.T) {
	w := incidenttest.New(t)
	w.MustRefuse(ana, incident.SetStarted{}, incident.Invalid, "started.no_time")
	w.MustUndo(ana, incident.SetStarted{At: clock(9, 0).AddDate(0, 0, -40)})
}
