package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestChannelIsBoundByRollcallOnly(t *testing.T) {
	w := incidenttest.New(t)
	bind := incident.BindChannel{ID: "C0000007", Name: "inc-7-checkout-is-down"}
	w.MustRefuse(ana, bind, incident.Forbidden, "refuse.verb")
	w.MustRefuse(incident.System, incident.BindChannel{Name: "x"}, incident.Invalid, "channel_bound.no_id")
	w.Do(incident.System, bind)
	equal(t, "channel", w.Incident.Channel, incident.Channel{ID: "C0000007", Name: "inc-7-checkout-is-down"})
	equal(t, "events when told again", len(w.Do(incident.System, bind).Events), 0)
	w.Do(incident.System, incident.BindChannel{ID: "C0000008", Name: "inc-7-checkout-is-down-0190"})
	equal(t, "another channel", w.Incident.Channel.ID, "C0000008")
}

func TestChannelIsBoundAfterTheEndToo(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Cancel{Reason: "a test"})
	w.Do(incident.System, incident.BindChannel{ID: "C0000007", Name: "inc-7"})
	equal(t, "channel", w.Incident.Channel.ID, "C0000007")
}
