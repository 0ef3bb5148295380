package incident_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestCallChecksTheLink(t *testing.T) {
	for _, tt := range []struct {
		url, id string // id "": allowed
		code    incident.Code
	}{
		{"https://meet.example.com/room?pwd=a&b=c", "", ""},
		{"https://eu.meet.example.com/room", "", ""},
		{"https://MEET.example.com./room", "", ""},
		{"https://us02web.zoom.example/j/1", "", ""},
		{"https://zoom.example/j/1", "call.host", incident.Forbidden},
		{"http://meet.example.com/room", "call.not_https", incident.Invalid},
		{"javascript:alert(1)", "call.no_link", incident.Invalid},
		{"meet.example.com/room", "call.no_link", incident.Invalid},
		{"https://", "call.no_link", incident.Invalid},
		{"https://ana:secret@meet.example.com/", "call.no_link", incident.Invalid},
		{"https://meet.example.com/a b", "call.no_link", incident.Invalid},
		{"https://meet.example.com/|a>", "call.no_link", incident.Invalid},
		{"https://meet.example.com/\u202egnp", "call.no_link", incident.Invalid},
		{"https://evil-meet.example.com.example.net/", "call.host", incident.Forbidden},
		{"https://notmeet.example.com/", "call.host", incident.Forbidden},
		{"https://meet.example.com/" + strings.Repeat("a", 1000), "call.long", incident.Invalid},
		{"", "call.no_link", incident.Invalid},
	} {
		t.Run(tt.url, func(t *testing.T) {
			w := incidenttest.New(t, incidenttest.WithPolicy(func(p *incident.Policy) { p.CallHosts = []string{"Meet.example.com", "*.zoom.example"} }))
			c := incident.SetCall{URL: tt.url, Provider: incident.ProviderLink}
			if tt.id != "" {
				w.MustRefuse(bob, c, tt.code, tt.id)
				return
			}
			w.Do(bob, c)
			equal(t, "call", w.Incident.Call().URL, tt.url)
		})
	}
}

func TestCallOfAProviderNeedsNoList(t *testing.T) {
	w := incidenttest.New(t, incidenttest.WithPolicy(func(p *incident.Policy) { p.CallHosts = []string{"meet.example.com"} }))
	w.Do(bob, incident.SetCall{URL: "https://jitsi.example.net/inc-7", Provider: "jitsi"})
	equal(t, "provider", w.Incident.Call().Provider, "jitsi")
}

func TestCallSaysWhoChangedIt(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(bob, incident.SetCall{URL: "https://meet.example.com/room"})
	equal(t, "by", w.Incident.Call().By, bob)
	equal(t, "provider", w.Incident.Call().Provider, incident.ProviderLink)
	equal(t, "line", w.LastLine(), "call link: https://meet.example.com/room")
	equal(t, "the channel hears", words(t, d.Effects[0].Say), "The call of INC-7 moved (by @Bob): https://meet.example.com/room")
	p, _ := w.Incident.Stamps.Last(incident.CallOpened)
	equal(t, "first link's stamp stays", p.Source, "jitsi")
	w.MustRefuse(ana, incident.SetCall{URL: "https://meet.example.com/room"}, incident.Conflict, "call.same")
	w.MustUndo(cleo, incident.SetCall{URL: "https://meet.example.com/other"})
}

func TestCallThatIsTheFirstMovesNobody(t *testing.T) {
	w := incidenttest.Empty(t)
	w.Do(ana, incident.OpenIncident{Title: "Mail is slow"})
	d := w.Do(ana, incident.SetCall{URL: "https://meet.example.com/room"})
	equal(t, "effects", len(d.Effects), 0)
	_, ok := w.Incident.Stamps.Last(incident.CallOpened)
	equal(t, "stamped", ok, true)
}
