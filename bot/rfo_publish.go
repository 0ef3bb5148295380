package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var rfoPublishRow = &Row{
	Stem: "rfo_publish", Words: "rfo publish", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo publish", "rfo publish anyway REASON"},
	Help:  "writes the RFO to its file and uploads it to the channel; with findings that block, as a draft, unless they are let pass with a reason",
	Change: func(c *Invocation) (incident.Command, error) {
		_, anyway := c.keyword("anyway")
		if !anyway {
			if err := c.end(); err != nil {
				return nil, err
			}
		}
		return c.publishing(anyway, c.text())
	},
}

// rfoAnywayRow is what the button presses: alone it asks for the reason.
var rfoAnywayRow = &Row{
	Stem: "rfo_publish", Words: "rfo anyway", Scope: inIncident,
	Usage: []string{"rfo anyway REASON"},
	Change: func(c *Invocation) (incident.Command, error) {
		return c.publishing(true, c.text())
	},
}

func (c *Invocation) publishing(anyway bool, reason string) (incident.Command, error) {
	p, err := c.paper()
	if err != nil {
		return nil, err
	}
	return incident.PublishRFO{Lint: p.lint(), Anyway: anyway, Reason: reason}, nil
}

// anywayForm asks why findings are let pass.
func (c *Invocation) anywayForm() (Form, error) {
	p, err := c.paper()
	if err != nil {
		return Form{}, err
	}
	var list []incident.Args
	for _, f := range p.lint().Findings {
		list = append(list, incident.Args{"id": f.Rule, "where": f.Where})
	}
	return c.blank("rfo anyway", "", Field{
		ID: "reason", Kind: TextField, Fact: c.plain("form.rfo_anyway.fact", incident.Args{"findings": list[:min(len(list), listLines)], "blocking": len(list)}),
	})
}
