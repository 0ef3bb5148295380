package incident_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestTitleChangesAndTheChannelKeepsItsName(t *testing.T) {
	w := incidenttest.New(t)
	channel := w.Incident.Identity.ChannelName
	w.Do(ana, incident.SetTitle{Title: "  Payments \n fail "})
	equal(t, "title", w.Incident.Identity.Title, "Payments fail")
	equal(t, "channel name", w.Incident.Identity.ChannelName, channel)
	equal(t, "line", w.LastLine(), "title: Payments fail")
	w.MustUndo(bob, incident.SetTitle{Title: strings.Repeat("é", incident.TitleLimit)})
}

func TestTitleIsRefused(t *testing.T) {
	refused(t, incidenttest.New(t), []refusal{
		{"empty", incident.SetTitle{}, incident.Invalid, "title.empty"},
		{"blank", incident.SetTitle{Title: " \t\n"}, incident.Invalid, "title.empty"},
		{"long", incident.SetTitle{Title: strings.Repeat("é", incident.TitleLimit+1)}, incident.Invalid, "title.long"},
		{"the same", incident.SetTitle{Title: "Checkout  is down"}, incident.Conflict, "title.same"},
	})
}
