package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var rfoRow = &Row{
	Stem: "rfo", Words: "rfo", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo"}, Help: "shows how far the RFO is and what it still needs",
	Show: showQuestions,
}

// showQuestions lists the questions of the RFO and which of them are answered.
func showQuestions(c *Invocation) (incident.Say, []incident.Choice, error) {
	i := c.Incident
	var questions []incident.Args
	missing := 0
	for _, q := range incident.Questions {
		a, ok := i.Review.Answer(q.Name)
		if !ok && q.Required {
			missing++
		}
		questions = append(questions, incident.Args{
			"name": q.Name, "ask": incident.Say{ID: q.Ask}, "answered": ok, "by": a.By, "required": q.Required,
		})
	}
	owner := i.Review.Owner
	return incident.Say{ID: "rfo.shown", Args: incident.Args{
		"key": i.Key(), "questions": questions, "missing": missing, "owner": owner, "actions": len(i.Review.Kept()),
		"published": len(i.Review.Published), "skipped": i.Review.Skipped != nil,
	}}, nil, c.end()
}
