package bot

import (
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
)

var rfoWaiveRow = &Row{
	Stem: "rfo_waive", Words: "rfo waive", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo waive L12 REASON"}, Help: "lets what `rfo check` found by one rule pass, with the reason in the RFO",
	Change: func(c *Invocation) (incident.Command, error) {
		rule := strings.ToUpper(c.take().Text)
		if len(rule) != 3 || rule[0] != 'L' {
			return nil, misfit{}
		}
		p, err := c.paper()
		if err != nil {
			return nil, err
		}
		cmd := incident.WaiveFindings{Rule: rule, Reason: c.text()}
		for _, f := range p.found {
			if f.ID == rule && f.Severity != rfo.Waive && !slices.Contains(cmd.Findings, f.Mark()) {
				cmd.Findings = append(cmd.Findings, f.Mark())
			}
		}
		return cmd, nil
	},
}
