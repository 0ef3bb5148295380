package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestCommsKeepsTheEarliest(t *testing.T) {
	w := incidenttest.New(t)
	w.Now = clock(14, 30)
	d := w.Do(ana, incident.TellCustomers{Text: "status page: degraded"})
	equal(t, "first", d.Say.Args["first"].(bool), true)
	d = w.Do(ana, incident.TellCustomers{Text: "status page: better", At: clock(14, 30)})
	equal(t, "first", d.Say.Args["first"].(bool), false)
	p, _ := w.Incident.Stamps.Last(incident.FirstComms)
	equal(t, "what was said first", p.Text, "status page: degraded")

	w.Do(bob, incident.TellCustomers{Text: "mail to the big ones", At: clock(14, 10)})
	p, _ = w.Incident.Stamps.Last(incident.FirstComms)
	equal(t, "time of the earlier one", p.At, clock(14, 10))
	equal(t, "both are kept", len(w.Incident.Stamps[incident.FirstComms]), 2)
	equal(t, "line", w.LastLine(), "customers were told: mail to the big ones")
}

func TestCommsSaysWhat(t *testing.T) {
	w := incidenttest.New(t)
	refused(t, w, []refusal{
		{"nothing", incident.TellCustomers{}, incident.Invalid, "comms.empty"},
		{"blank", incident.TellCustomers{Text: " \n"}, incident.Invalid, "comms.empty"},
		{"long", incident.TellCustomers{Text: tooLong}, incident.Invalid, "refuse.long"},
		{"ahead", incident.TellCustomers{Text: "soon", At: clock(15, 0)}, incident.Invalid, "refuse.future"},
	})
	w.MustUndo(ana, incident.TellCustomers{Text: "status page"})
}
