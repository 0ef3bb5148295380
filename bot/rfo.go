package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
)

var rfoRow = &Row{
	Stem: "rfo", Words: "rfo", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo"}, Help: "shows how far the RFO is, who writes it by when, what it still needs and what comes next",
	Show: showQuestions,
}

// showQuestions shows where the RFO stands: its state, its questions and which of
// them are answered, what blocks it, and the next step.
func showQuestions(c *Invocation) (incident.Say, []incident.Choice, error) {
	if err := c.end(); err != nil {
		return incident.Say{}, nil, err
	}
	i := c.Incident
	p, err := c.paper()
	if err != nil {
		return incident.Say{}, nil, err
	}
	var questions []incident.Args
	missing := 0
	for _, q := range incident.Questions {
		a, ok := i.Review.Answer(q.Name)
		if !ok && q.Required {
			missing++
		}
		questions = append(questions, incident.Args{
			"name": q.Name, "ask": i.Asks(q), "answered": ok, "by": a.By, "required": q.Required,
		})
	}
	args := incident.Args{
		"key": i.Key(), "questions": questions, "missing": missing, "owner": i.Reviewer(), "actions": len(i.Review.Kept()),
		"state": string(p.doc.Head.State), "blocking": len(p.lint().Findings), "resolved": i.Life.Status == incident.Resolved,
	}
	args["page"] = c.rfoPage()
	args["copies"] = c.copies(true)
	c.standing(p, args)
	args["next"] = incident.Say{ID: "rfo.next." + c.nextStep(p, missing), Args: incident.Args{"key": i.Key(), "level": i.Life.Peak}}
	return incident.Say{ID: "rfo.shown", Args: args}, nil, nil
}

// standing adds what is known of the document: revision, deadline, approval, and
// what is new since it was written.
func (c *Invocation) standing(p paper, args incident.Args) {
	i, policy := c.Incident, c.service.practice(c.Reader)
	last, _ := i.Review.LastRevision()
	args["revision"] = last.Revision
	due, owed := i.RFODue(policy)
	args["due"] = incident.Civil{}
	args["owed"], args["overdue"] = owed, owed && due.Before(c.Now())
	if owed {
		args["due"] = incident.CivilOf(due, c.Zone())
	}
	a, approved := i.Review.LastApproval()
	_, counts := i.ApprovedAs(p.hash, policy)
	args["approved"], args["holds"], args["approver"], args["approved_at"] = approved, counts, a.By, a.At
	var fresh []incident.Args
	if last.Revision > 0 {
		for _, l := range incident.Timeline(i, p.log, c.names()) {
			if l.Seq > last.Seq && rfo.IsContent(p.log, l.Seq) {
				fresh = append(fresh, incident.Args{"id": incident.EntryID(l.Seq), "text": shorten(l.Text, newLine)})
			}
		}
	}
	args["fresh"], args["fresh_more"] = fresh[:min(len(fresh), newLines)], max(0, len(fresh)-newLines)
}

const (
	newLine  = 80 // characters of an entry that is new
	newLines = 5
)

// nextStep names the one thing to do next.
func (c *Invocation) nextStep(p paper, missing int) string {
	i, policy := c.Incident, c.service.practice(c.Reader)
	must, _ := i.MustBeApproved(policy)
	_, approved := i.ApprovedAs(p.hash, policy)
	switch {
	case p.doc.Head.State == rfo.Skipped || p.doc.Head.State == rfo.Closed || p.doc.Head.State == rfo.NotOwed:
		return "none"
	case p.doc.Head.State == rfo.Published:
		return "actions"
	case missing > 0:
		return "answer"
	case len(i.Review.Kept()) == 0 && rfo.Blocking(p.found):
		return "action"
	case rfo.Blocking(p.found):
		return "check"
	case i.Life.Status != incident.Resolved:
		return "resolve"
	case must && !approved:
		return "review"
	}
	return "publish"
}
