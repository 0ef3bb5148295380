package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

// timelineLines is how many of the last lines the chat shows; the whole timeline
// is in the RFO.
const timelineLines = 15

var timelineRow = &Row{
	Stem: "timeline", Words: "timeline", Group: groupLook, Scope: inIncident,
	Usage: []string{"timeline"}, Help: "shows the latest lines of the timeline, with their ids",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		log, err := c.Reader.VisibleRecords(c.Actor.ID, c.Incident.ID, 1)
		if err != nil {
			return incident.Say{}, nil, err
		}
		lines := incident.Timeline(c.Incident, log, c.names())
		total := len(lines)
		lines = lines[max(0, total-timelineLines):]
		var list []incident.Args
		for _, l := range lines {
			list = append(list, incident.Args{"id": incident.EntryID(l.Seq), "at": l.At, "who": l.By, "text": l.Text, "edited": l.Edited, "link": incident.Permalink(log[l.Seq-1])})
		}
		return incident.Say{ID: "timeline.list", Args: incident.Args{
			"key": c.Incident.Key(), "lines": list, "more": total - len(lines),
		}}, nil, c.end()
	},
}
