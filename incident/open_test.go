package incident_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestOpenAnswersWithKeyAndCallFirst(t *testing.T) {
	w := incidenttest.Empty(t)
	d := w.Do(ana, incident.OpenIncident{
		Title: " Checkout  is\ndown ", Severity: 1, Services: []string{"checkout", "checkout"},
		Call: incident.Call{URL: "https://meet.example.org/inc-7", Provider: "jitsi"}, Invite: []incident.PersonID{bob},
	})
	equal(t, "answer", words(t, d.Say), "*INC-7* is open. Join the call: https://meet.example.org/inc-7\nsev1: Checkout is down (nobody paged)")
	i := w.Incident
	equal(t, "title", i.Identity.Title, "Checkout is down")
	equal(t, "channel", i.Identity.ChannelName, "inc-7-checkout-is-down")
	equal(t, "status", i.Life.Status, incident.Open)
	equal(t, "opener", i.Identity.Opener, ana)
	equal(t, "default tasks", len(i.Board.OpenTasks()), 3)
	equal(t, "services", len(i.Board.Services), 1)
	equal(t, "first effect", d.Effects[0].Kind, incident.CreateChannel)
	equal(t, "then those who wait", d.Effects[1].People[0], ana)
	equal(t, "and those named", d.Effects[1].People[1], bob)
	w.MustRefuse(ana, incident.Undo{}, incident.Conflict, "undo.permanent")
	w.MustRefuse(ana, incident.OpenIncident{Title: "again"}, incident.Conflict, "refuse.exists")
}

func TestOpenWithoutACallAsADrill(t *testing.T) {
	w := incidenttest.Empty(t)
	d := w.Do(ana, incident.OpenIncident{Title: "Fire drill", Private: true, Drill: true})
	equal(t, "answer", words(t, d.Say),
		"*Drill, nothing is broken.* *INC-7* is open. It has no call yet: `call URL` gives it one.\nsev2, private: Fire drill (nobody paged)")
	equal(t, "channel", w.Incident.Identity.ChannelName, "inc-7")
	equal(t, "line", w.Lines()[0], "opened a drill as sev2: Fire drill")
}

func TestOpenRefusals(t *testing.T) {
	w := incidenttest.Empty(t)
	refused(t, w, []refusal{
		{"no title", incident.OpenIncident{Title: "\n "}, incident.Invalid, "open.no_title"},
		{"long title", incident.OpenIncident{Title: strings.Repeat("ä", incident.TitleLimit+1)}, incident.Invalid, "open.long_title"},
	})
	w.MustRefuse(guest, incident.OpenIncident{Title: "x"}, incident.Forbidden, "refuse.guest")
	w.MustRefuse(incidenttest.Gone, incident.OpenIncident{Title: "x"}, incident.Forbidden, "refuse.stranger")
	w.MustRefuse(ana, incident.AddNote{Text: "x"}, incident.Conflict, "refuse.status.")
}

func TestOpenOffersToMergeWhatMayBeTheSame(t *testing.T) {
	brief := incident.Brief{Number: 6, Title: "Cart", Status: incident.Open, OpenedAt: incidenttest.Start.Add(-9 * time.Minute)}
	for _, tt := range []struct {
		name   string
		change func(*incident.Brief, *incident.OpenIncident)
		want   []string
	}{
		{"opened minutes ago", func(*incident.Brief, *incident.OpenIncident) {}, []string{"merge INC-6", "oncall"}},
		{"longer ago", func(b *incident.Brief, _ *incident.OpenIncident) { b.OpenedAt = b.OpenedAt.Add(-time.Minute) }, []string{"oncall"}},
		{"over", func(b *incident.Brief, _ *incident.OpenIncident) { b.Status = incident.Resolved }, []string{"oncall"}},
		{"private there", func(b *incident.Brief, _ *incident.OpenIncident) { b.Private = true }, []string{"oncall"}},
		{"private here", func(_ *incident.Brief, c *incident.OpenIncident) { c.Private = true }, []string{"oncall"}},
		{"a drill there", func(b *incident.Brief, _ *incident.OpenIncident) { b.Drill = true }, []string{"oncall"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, b, c := incidenttest.Empty(t), brief, incident.OpenIncident{Title: "Checkout"}
			tt.change(&b, &c)
			w.Recent = []incident.Brief{b}
			incidenttest.MustOffer(t, w.Do(ana, c).Choices, tt.want...)
		})
	}
}
