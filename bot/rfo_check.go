package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
)

var rfoCheckRow = &Row{
	Stem: "rfo_check", Words: "rfo check", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo check"}, Help: "reads the RFO for what is missing, vague or blaming",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		if err := c.end(); err != nil {
			return incident.Say{}, nil, err
		}
		log, err := c.Reader.VisibleRecords(c.Actor.ID, c.Incident.ID, 1)
		if err != nil {
			return incident.Say{}, nil, err
		}
		policy := c.service.Policy
		found := rfo.Checker{Today: c.Now(), Sprint: policy.Sprint}.Check(rfo.Build(c.Incident, log, c.names(), rfo.Options{TeamZone: policy.Zone}))
		var list []incident.Args
		blocking := 0
		for _, f := range found {
			if f.Severity == rfo.Block {
				blocking++
			}
			list = append(list, incident.Args{
				"id": f.ID, "blocks": f.Severity == rfo.Block, "where": f.Where, "quote": f.Quote, "why": sentence(f.Why), "try": sentence(f.Suggestion),
			})
		}
		kept, of := rfo.Score(found)
		shown := list[:min(len(list), listLines)]
		return incident.Say{ID: "rfo_check.list", Args: incident.Args{
			"key": c.Incident.Key(), "findings": shown, "more": len(list) - len(shown), "blocking": blocking, "total": len(list), "kept": kept, "of": of,
		}}, nil, nil
	},
}

// sentence ends a text with a full stop.
func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
