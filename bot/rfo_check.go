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
		p, err := c.paper()
		if err != nil {
			return incident.Say{}, nil, err
		}
		var list []incident.Args
		waived := 0
		for _, f := range p.found {
			if f.Severity == rfo.Waive {
				waived++
				continue
			}
			list = append(list, incident.Args{
				"id": f.ID, "blocks": f.Severity == rfo.Block, "where": f.Where, "quote": f.Quote, "why": sentence(f.Why), "try": sentence(f.Suggestion),
			})
		}
		kept, of := rfo.Score(p.found)
		shown := list[:min(len(list), listLines)]
		return incident.Say{ID: "rfo_check.list", Args: incident.Args{
			"key": c.Incident.Key(), "findings": shown, "more": len(list) - len(shown), "blocking": len(p.lint().Findings), "total": len(list),
			"waived": waived, "kept": kept, "of": of,
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
