package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var briefRow = &Row{
	Stem: "brief", Words: "brief", Group: groupTell, Scope: inIncident,
	Usage: []string{"brief"}, Help: "drafts the five lines for the executives",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		i := c.Incident
		impact := incident.Impact{}
		if n := len(i.Review.Impact); n > 0 {
			impact = i.Review.Impact[n-1]
		}
		var doing []incident.Args
		for _, t := range i.Board.OpenTasks() {
			if t.Owner != incident.System {
				doing = append(doing, incident.Args{"text": t.Text, "owner": t.Owner})
			}
		}
		next := ""
		if n := len(i.Log.Decisions); n > 0 {
			next = i.Log.Decisions[n-1].Text
		}
		var choices []incident.Choice
		if c.Request.Surface != "cli" { // where there are forms, this one is prefilled with the draft
			choices = []incident.Choice{{Label: incident.Say{ID: "choice.brief_send"}, Line: "update"}}
		}
		settled, total := i.Board.RollbackCount()
		return incident.Say{ID: "brief.draft", Args: incident.Args{
			"key": i.Key(), "title": i.Identity.Title, "severity": i.Life.Severity, "status": string(i.Life.Status),
			"impact": impact.Phrase(), "doing": doing[:min(len(doing), 3)], "settled": settled, "total": total, "next": next,
			"leader": i.Leadership.Leader, "every": c.service.Policy.Severities[i.Life.Severity].UpdateEvery,
		}}, choices, c.end()
	},
}
