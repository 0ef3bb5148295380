package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var customerRow = &Row{
	Stem: "customer", Words: "customer", Group: groupTell, Scope: inIncident,
	Usage: []string{"customer NAME", "customer NAME told [by @user]"}, Help: "the customer-success list: who has to be told, who was, by whom",
	Change: func(c *Invocation) (incident.Command, error) {
		if before, after, ok := c.rest.SplitLast("told"); ok && !before.Empty() {
			cmd := incident.TellCustomer{Name: before.Text(), By: c.Actor.ID}
			c.rest = after
			if _, by := c.keyword("by"); by {
				who, ok, err := c.person()
				if err != nil {
					return nil, err
				}
				if !ok {
					return nil, misfit{}
				}
				cmd.By = who
			}
			return cmd, c.end()
		}
		return incident.AddCustomer{Name: c.text()}, nil
	},
}
