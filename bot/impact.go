package bot

import (
	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

var impactRow = &Row{
	Stem: "impact", Words: "impact", Group: groupFacts, Scope: inIncident,
	Usage: []string{"impact [about] N[-M] UNIT [TEXT]", "impact TEXT"},
	Help:  "who is hit, roughly: a number with users, customers, requests, orders, % …",
	Change: func(c *Invocation) (incident.Command, error) {
		q, rest, err := grammar.Impact(c.rest)
		if err != nil {
			return nil, err
		}
		if q.Unit == "" {
			return incident.SetImpact{Text: c.text()}, nil
		}
		return incident.SetImpact{Low: q.Low, High: q.High, Unit: q.Unit, About: q.About, HasNumber: true, Text: rest.Text()}, nil
	},
}
