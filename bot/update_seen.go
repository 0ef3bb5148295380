package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var updateSeenRow = &Row{
	Stem: "update_seen", Words: "update seen", ID: 'E', Group: groupTell, Scope: inIncident,
	Usage: []string{"update seen E9"}, Help: "says that you have read an update",
	Change: func(c *Invocation) (incident.Command, error) { return incident.SeeUpdate{Entry: c.id()}, c.end() },
}

var updateSnoozeRow = &Row{
	Stem: "update_snooze", Words: "update snooze", Group: groupTell, Scope: inIncident,
	Usage: []string{"update snooze"}, Help: "puts the reminder of an update off by 10 minutes, on the record",
	Change: func(c *Invocation) (incident.Command, error) { return incident.SnoozeUpdate{}, c.end() },
}
