package bot

import (
	"slices"

	"github.com/rollcall-bot/rollcall/bot/toggle"
	"github.com/rollcall-bot/rollcall/incident"
)

// missed are the features that whoever gave a command would miss, by its stem.
var missed = map[string][]toggle.Feature{
	"open":        {toggle.Announcements, toggle.Reminders},
	"page":        {toggle.Paging},
	"rfo_publish": {toggle.Uploads},
	"status":      toggle.Features,
}

// switchedOff says what is switched off, where it is missed.
func (c *Invocation) switchedOff(d incident.Decision) []incident.Say {
	if c.service.Off == nil || c.row == nil {
		return nil
	}
	features := missed[c.row.Stem]
	if slices.ContainsFunc(d.Effects, func(e incident.Effect) bool { return e.Kind == incident.WakeUp }) {
		features = append(slices.Clone(features), toggle.Paging)
	}
	if len(features) == 0 {
		return nil
	}
	var said []incident.Say
	for _, f := range c.service.Off(c.Reader.Context()) {
		private := c.Incident != nil && c.Incident.Identity.Private
		if slices.Contains(features, f) && (f != toggle.Announcements || !private) {
			said = append(said, incident.Say{ID: "off." + string(f), Args: incident.Args{"phones": c.service.phones()}})
		}
	}
	return said
}
