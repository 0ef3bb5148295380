package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var deadlockRow = &Row{
	Stem: "deadlock", Words: "deadlock", Group: groupPeople, Scope: inIncident,
	Usage: []string{"deadlock QUESTION"}, Help: "puts a question to the leader, with two buttons and a clock",
	Change: func(c *Invocation) (incident.Command, error) { return incident.RaiseDeadlock{Question: c.text()}, nil },
}

var deadlockSettleRow = &Row{
	Stem: "deadlock_settle", Words: "deadlock settle", ID: 'E', Group: groupPeople, Scope: inIncident,
	Usage: []string{"deadlock settle E5 TEXT"}, Help: "the leader answers the question",
	Change: func(c *Invocation) (incident.Command, error) {
		return incident.SettleDeadlock{Entry: c.id(), Text: c.text()}, nil
	},
}
