package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var dataRepairRow = &Row{
	Stem: "data_repair", Words: "repair", Group: groupEnd, Scope: inIncident,
	Usage: []string{"repair none [WHY]", "repair WHAT", "repair done [TEXT]"},
	Help:  "says whether the outage left data that has to be repaired, and when it is",
	Bare: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		r := c.Incident.Board.Repair
		return incident.Say{ID: "data_repair.now", Args: incident.Args{
			"key": c.Incident.Key(), "state": string(r.State), "what": r.What, "by": r.By, "at": r.At,
		}}, nil, c.end()
	},
	Change: func(c *Invocation) (incident.Command, error) {
		cmd := incident.RepairData{State: incident.RepairNeeded}
		if state, given := c.keyword(string(incident.RepairNone), string(incident.RepairDone)); given {
			cmd.State = incident.RepairState(state)
		}
		cmd.Text = c.text()
		return cmd, nil
	},
}

// repairForm asks what is to be repaired.
func (c *Invocation) repairForm() (Form, error) {
	return c.blank("repair", "", Field{ID: "text", Kind: TextField, Value: incident.PlainText(c.Incident.Board.Repair.What, c.names())})
}

func readRepair(_ *Invocation, f *Submitted, _ meta) (incident.Command, error) {
	return incident.RepairData{State: incident.RepairNeeded, Text: typedText(f.Values["text"])}, nil
}
