package bot

import (
	"slices"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// unfinishedBack is how far back an open action is held against a new incident.
	unfinishedBack = 180 * 24 * time.Hour
	// unfinishedLook bounds how many earlier incidents are looked at while somebody
	// waits for the answer to `open`, the latest first.
	unfinishedLook = 25
)

// unfinished are the open actions of earlier incidents that hit one of the
// services of the new one. Of private incidents nothing is said, whoever asks:
// the answer to a mention is read by everybody in the channel.
func (c *Invocation) unfinished() (incident.Say, error) {
	if c.row.Stem != "open" || c.Incident == nil || len(c.Incident.Board.Services) == 0 {
		return incident.Say{}, nil
	}
	earlier, err := c.Reader.VisibleSince(c.Actor.ID, c.Now().Add(-unfinishedBack))
	if err != nil {
		return incident.Say{}, err
	}
	earlier = slices.DeleteFunc(earlier, func(b storage.Brief) bool {
		return b.ID == c.Incident.ID || b.Private || b.Drill || b.Status == incident.Cancelled
	})
	var list []incident.Args
	for _, b := range earlier[:min(len(earlier), unfinishedLook)] {
		inc, err := c.Reader.VisibleIncident(c.Actor.ID, b.ID)
		if err != nil {
			return incident.Say{}, err
		}
		if !shareService(inc, c.Incident) {
			continue
		}
		for _, a := range inc.Review.Actions {
			if a.State == incident.ActionOpen {
				list = append(list, incident.Args{"id": a.ID(), "key": inc.Key(), "text": a.Text, "owner": a.Owner, "due": a.Due})
			}
		}
	}
	if len(list) == 0 {
		return incident.Say{}, nil
	}
	return incident.Say{ID: "open.unfinished", Args: incident.Args{"actions": list[:min(len(list), incident.MaxActions)]}}, nil
}

func shareService(a, b *incident.Incident) bool {
	return slices.ContainsFunc(a.Board.Services, func(s incident.Service) bool {
		return slices.ContainsFunc(b.Board.Services, func(o incident.Service) bool { return o.Name == s.Name })
	})
}
