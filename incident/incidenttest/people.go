package incidenttest

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// The people of every World. Ana opens incidents.
const (
	Ana     incident.PersonID = "ana"
	Bob     incident.PersonID = "bob"
	Cleo    incident.PersonID = "cleo"
	Guest   incident.PersonID = "guest"   // in the channel, no full member
	Robot   incident.PersonID = "robot"   // an app
	Gone    incident.PersonID = "gone"    // deactivated
	Program incident.PersonID = "program" // of ours, on the API
	Nobody  incident.PersonID = "nobody"  // known to nobody
)

// Start is when a World begins: a Wednesday.
var Start = time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)

// Names calls people by their ids with a capital letter.
type Names struct{}

// Name is what a reader calls the person.
func (Names) Name(p incident.PersonID) string {
	if p == incident.System {
		return "Rollcall"
	}
	return string(p[0]-'a'+'A') + string(p[1:])
}

func people() map[incident.PersonID]incident.Person {
	all := map[incident.PersonID]incident.Person{}
	for _, id := range []incident.PersonID{Ana, Bob, Cleo, Guest, Robot, Gone} {
		all[id] = incident.Person{ID: id, Zone: time.UTC, Full: id != Guest && id != Robot, Bot: id == Robot, Inactive: id == Gone, InChannel: true}
	}
	all[Program] = incident.Person{ID: Program, Zone: time.UTC, Full: true, Bot: true}
	return all
}

// Policy is what a World's operator configured: the defaults, and three services
// that belong together.
func Policy() *incident.Policy {
	return &incident.Policy{
		DefaultSeverity: 2,
		Severities: map[int]incident.SeverityPolicy{
			1: {UpdateEvery: 30 * time.Minute, RFOWithin: 5 * 24 * time.Hour},
			2: {UpdateEvery: time.Hour, RFOWithin: 5 * 24 * time.Hour},
			3: {RFOWithin: 10 * 24 * time.Hour},
		},
		DefaultTasks: []string{
			"Find the surface of the bleeding", "Roll back every related service",
			"Look into the impact and talk to customer success",
		},
		Sprint: 14 * 24 * time.Hour,
		Zone:   time.UTC,
		Clocks: incident.Clocks{AskLeader: 2 * time.Minute, NominateLeader: 5 * time.Minute, AcceptLeader: 3 * time.Minute, SilentLeader: 20 * time.Minute},
	}
}
