package bot

import (
	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

var rollbackRow = &Row{
	Stem: "rollback", Words: "rollback", Group: groupWork, Scope: inIncidentSurely,
	Usage:  []string{"rollback SERVICE", "rollback SERVICE done", "rollback SERVICE failed [REASON]", "rollback SERVICE not-needed REASON", "rollback SERVICE forward|keep"},
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
	if c.rest.Empty() {
		return nil, c.whatToRollBack()
	}
	name, ok := grammar.ServiceName(c.take())
	if !ok {
		return nil, misfit{}
	}
	if bound := c.bound; bound != nil {
		return incident.RunHook{Service: name, Bound: *bound}, c.end()
	}
	if how, after := c.keyword(incident.RolledForward, incident.Kept); after && result == "" {
		return incident.SettleRollback{Service: name, How: how}, c.end()
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

// whatToRollBack offers the services that are on the board and not settled.
func (c *Invocation) whatToRollBack() error {
	ask := &incident.Error{Code: incident.Ask, Say: incident.Say{ID: "rollback.ask", Args: incident.Args{"key": c.Incident.Key()}}}
	for _, s := range c.Incident.Board.Services {
		if s.Settled() || s.State == incident.RollingNow || len(ask.Choices) == maxChoices {
			continue
		}
		ask.Choices = append(ask.Choices, incident.Choice{
			Label: incident.Say{ID: "choice.rollback", Args: incident.Args{"name": s.Name}}, Line: "rollback " + s.Name,
		})
	}
	return ask
}
