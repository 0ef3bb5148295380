package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var updateRow = &Row{
	Stem: "update", Words: "update", Group: groupTell, Scope: inIncidentSurely,
	Usage: []string{"update TEXT"}, Help: "tells stakeholders; held for 20 seconds so that it can be stopped",
	Change: func(c *Invocation) (incident.Command, error) { return incident.SendUpdate{Text: c.text()}, nil },
}

var updateSendRow = &Row{
	Stem: "update_send", Words: "update send", ID: 'E', Group: groupTell, Scope: inIncident,
	Usage: []string{"update send E9"}, Help: "sends a held update now",
	Change: func(c *Invocation) (incident.Command, error) { return incident.SendNow{Entry: c.id()}, c.end() },
}

var updateEditRow = &Row{
	Stem: "update_edit", Words: "update edit", ID: 'E', Group: groupTell, Scope: inIncident,
	Usage: []string{"update edit E9", "update edit E9 TEXT"}, Help: "gives a held update another wording; bare, stops it so that it can be typed anew",
	Change: func(c *Invocation) (incident.Command, error) {
		return incident.EditUpdate{Entry: c.id(), Text: c.text()}, nil
	},
}

var updateStopRow = &Row{
	Stem: "update_stop", Words: "update stop", ID: 'E', Group: groupTell, Scope: inIncident,
	Usage: []string{"update stop E9"}, Help: "stops a held update",
	Change: func(c *Invocation) (incident.Command, error) { return incident.StopUpdate{Entry: c.id()}, c.end() },
}
