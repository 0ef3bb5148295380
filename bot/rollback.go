package bot

import (
	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

var rollbackRow = &Row{
	Stem: "rollback", Words: "rollback", Group: groupWork, Scope: inIncidentSurely,
	Usage:  []string{"rollback SERVICE", "rollback SERVICE done", "rollback SERVICE failed [REASON]", "rollback SERVICE not-needed REASON"},
	Help:   "rolls a service back: first, before anybody knows why",
	Change: func(c *Invocation) (incident.Command, error) { return c.rollback("") },
}

// rolledBackRow reads "rolled back checkout" as "rollback checkout done".
var rolledBackRow = &Row{
	Stem: "rollback", Words: "rolled back", Scope: inIncidentSurely,
	Usage:  []string{"rolled back SERVICE"},
	Change: func(c *Invocation) (incident.Command, error) { return c.rollback("done") },
}

func (c *Invocation) rollback(result string) (incident.Command, error) {
	name, ok := grammar.ServiceName(c.take())
	if !ok {
		return nil, misfit{}
	}
	cmd := incident.RollBack{Service: name, Result: result, Confirmed: c.Request.Confirmed}
	if result == "" {
		cmd.Result, _ = c.keyword("done", "failed", "not-needed")
	}
	if cmd.Result == "failed" || cmd.Result == "not-needed" {
		cmd.Reason = c.text()
	}
	return cmd, c.end()
}
