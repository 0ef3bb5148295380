package incident_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

const (
	meetRoom  = "https://meet.google.com/abc-defg-hij"
	jitsiRoom = "https://jitsi.example.org/rollcall-x"
)

// opened is an incident that wanted a room of Meet's and had Jitsi at hand.
func opened(t *testing.T, room incident.Room, spare string) (*incidenttest.World, incident.Decision) {
	t.Helper()
	w := incidenttest.Empty(t)
	w.Rooms = map[string]incident.Room{"meet": room}
	d := w.Do(ana, incident.OpenIncident{Title: "Mail is slow", Call: incident.Call{URL: spare, Provider: "jitsi"}, Rooms: []string{"meet"}})
	return w, d
}

func TestOpenTakesTheRoomThatIsReady(t *testing.T) {
	w, d := opened(t, incident.Room{URL: meetRoom}, jitsiRoom)
	equal(t, "call", w.Incident.Call().URL, meetRoom)
	equal(t, "waits", len(w.Incident.Call().Awaits), 0)
	if said := words(t, d.Say); !strings.Contains(said, meetRoom) || strings.Contains(said, "Jitsi") {
		t.Error(said)
	}
}

func TestALateRoomMovesNobody(t *testing.T) {
	w, d := opened(t, incident.Room{Lack: incident.RoomsDown}, jitsiRoom)
	if said := words(t, d.Say); !strings.Contains(said, "Google Meet is not answering, so this is Jitsi") || !strings.Contains(said, jitsiRoom) {
		t.Error(said)
	}
	w.MustRefuse(incident.System, incident.OfferCall{Provider: "meet"}, incident.NotFound, "call.no_room")
	w.Rooms["meet"] = incident.Room{URL: meetRoom}
	d = w.Do(incident.System, incident.OfferCall{Provider: "meet"})
	equal(t, "the call stays", w.Incident.Call().URL, jitsiRoom)
	equal(t, "beside it", w.Incident.Call().Other("meet"), meetRoom)
	if said := words(t, d.Effects[0].Say); !strings.Contains(said, meetRoom) || !strings.Contains(said, "Nobody is moved") {
		t.Error(said)
	}
	equal(t, "button", d.Effects[0].Choices[0].Line, "call meet")
	w.MustRefuse(incident.System, incident.OfferCall{Provider: "meet"}, incident.Conflict, "call.unwanted")
}

func TestTheFirstLinkThatComesIsTheCall(t *testing.T) {
	w, d := opened(t, incident.Room{Lack: incident.RoomsOut}, "")
	if said := words(t, d.Say); !strings.Contains(said, "the call's link comes into the channel") {
		t.Error(said)
	}
	w.Rooms["meet"] = incident.Room{URL: meetRoom}
	w.Do(incident.System, incident.OfferCall{Provider: "meet"})
	equal(t, "call", w.Incident.Call().URL, meetRoom)
	equal(t, "calls", len(w.Incident.Calls), 1)
}

func TestWhoSetsAnotherCallWaitsForNone(t *testing.T) {
	w, _ := opened(t, incident.Room{Lack: incident.RoomsDown}, jitsiRoom)
	w.Do(bob, incident.SetCall{URL: "https://meet.example.com/room"})
	w.Rooms["meet"] = incident.Room{URL: meetRoom}
	w.MustRefuse(incident.System, incident.OfferCall{Provider: "meet"}, incident.Conflict, "call.unwanted")
}

func TestARoomThatWasAskedForBecomesTheCall(t *testing.T) {
	w := incidenttest.New(t)
	w.Rooms = map[string]incident.Room{"zoom": {Lack: incident.RoomsBusy}}
	d := w.Do(bob, incident.SetCall{Provider: "zoom", Room: true})
	if said := words(t, d.Say); !strings.Contains(said, "Zoom has a call running for each of its hosts") {
		t.Error(said)
	}
	w.MustRefuse(ana, incident.SetCall{Provider: "zoom", Room: true}, incident.Conflict, "call.awaited_already")
	w.Rooms["zoom"] = incident.Room{URL: "https://us02web.zoom.us/j/1"}
	d = w.Do(incident.System, incident.OfferCall{Provider: "zoom"})
	equal(t, "call", w.Incident.Call().URL, "https://us02web.zoom.us/j/1")
	if said := words(t, d.Effects[0].Say); !strings.Contains(said, "moved to Zoom, as @Bob asked") {
		t.Error(said)
	}
}

func TestUndoingTheWishEndsTheWait(t *testing.T) {
	w := incidenttest.New(t)
	w.MustUndo(bob, incident.SetCall{Provider: "zoom", Room: true})
	w.Rooms = map[string]incident.Room{"zoom": {URL: "https://us02web.zoom.us/j/1"}}
	w.MustRefuse(incident.System, incident.OfferCall{Provider: "zoom"}, incident.Conflict, "call.unwanted")
}

func TestNobodyIsOfferedACallOfWhatIsOver(t *testing.T) {
	w, _ := opened(t, incident.Room{Lack: incident.RoomsDown}, jitsiRoom)
	w.Do(ana, incident.Cancel{Reason: "a test"})
	w.Rooms["meet"] = incident.Room{URL: meetRoom}
	w.MustRefuse(incident.System, incident.OfferCall{Provider: "meet"}, incident.Conflict, "refuse.status.cancelled")
	w.MustRefuse(ana, incident.OfferCall{Provider: "meet"}, incident.Forbidden, "refuse.verb")
}
