package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestChannelLostIsToldToWhoeverIsInCharge(t *testing.T) {
	for _, test := range []struct {
		name  string
		setup []incident.Command
		want  []incident.PersonID
	}{
		{"the opener while nobody leads", nil, []incident.PersonID{ana}},
		{"the leader", []incident.Command{incident.Lead{Who: bob, Confirmed: true}}, []incident.PersonID{bob}},
		{"nobody when it is over", []incident.Command{incident.Resolve{}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := incidenttest.New(t)
			w.Do(incident.System, incident.BindChannel{ID: "C0000007", Name: "inc-7"})
			for _, c := range test.setup {
				w.Do(bob, c)
			}
			d := w.Do(incident.System, incident.LoseChannel{Reason: "channel_archive"})
			equal(t, "channel", w.Incident.Channel, incident.Channel{Lost: "channel_archive"})
			equal(t, "line", w.LastLine(), "no channel in Slack (channel_archive)")
			var told []incident.PersonID
			for _, e := range d.Effects {
				told = append(told, e.People...)
			}
			equal(t, "number told", len(told), len(test.want))
			for n := range test.want {
				equal(t, "told", told[n], test.want[n])
			}
		})
	}
}

func TestChannelLostTwiceThenFound(t *testing.T) {
	w := incidenttest.New(t)
	w.MustRefuse(ana, incident.LoseChannel{Reason: "x"}, incident.Forbidden, "refuse.verb")
	w.Do(incident.System, incident.LoseChannel{Reason: "restricted_action"})
	w.MustRefuse(incident.System, incident.LoseChannel{Reason: "channel_left"}, incident.Conflict, "channel_lost.twice")
	w.Do(incident.System, incident.BindChannel{ID: "C0000007", Name: "inc-7"})
	equal(t, "lost", w.Incident.Channel.Lost, "")
}
