package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
)

var rfoApproveRow = &Row{
	Stem: "rfo_approve", Words: "rfo approve", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo approve"}, Help: "approves of the RFO as it is now; a later change needs a new approval",
	Change: func(c *Invocation) (incident.Command, error) {
		if err := c.end(); err != nil {
			return nil, err
		}
		p, err := c.paper()
		if err != nil {
			return nil, err
		}
		l := p.lint()
		return incident.ApproveRFO{Hash: l.Hash, Blocking: len(l.Findings)}, nil
	},
}

// voided says that a change has taken an approval away: it was of what the
// document said before.
func (c *Invocation) voided() (incident.Say, error) {
	if c.Incident == nil || c.tx == nil || c.row.Stem == "rfo_approve" {
		return incident.Say{}, nil
	}
	a, ok := c.Incident.Review.LastApproval()
	if !ok {
		return incident.Say{}, nil
	}
	log, err := c.Reader.RawRecords(c.Incident.ID, 1)
	if err != nil {
		return incident.Say{}, err
	}
	return voided(c.Incident, log, a, c.Stamp.Command)
}

// voided compares what the document says with what it said before a command.
func voided(inc *incident.Incident, log []incident.Record, a incident.Approval, cmd incident.CommandID) (incident.Say, error) {
	if rfo.ContentHash(inc, log) == a.Hash {
		return incident.Say{}, nil
	}
	first := len(log)
	for first > 0 && log[first-1].Command == cmd {
		first--
	}
	former, err := incident.Fold(inc.ID, log[:first])
	if err != nil || rfo.ContentHash(former, log[:first]) != a.Hash {
		return incident.Say{}, err // it was void already
	}
	return incident.Say{ID: "rfo_approve.voided", Args: incident.Args{"by": a.By, "at": a.At}}, nil
}
