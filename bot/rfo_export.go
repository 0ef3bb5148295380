package bot

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// ExportArgs is the job of bringing a published revision of an RFO elsewhere.
type ExportArgs struct {
	Incident incident.ID `json:"incident"`
	Target   string      `json:"target"`
	Number   int         `json:"number"` // of the revision
	Op       string      `json:"op"`     // identity of the step
	At       time.Time   `json:"at"`     // when it was decided
}

// Kind is "rfo.export".
func (ExportArgs) Kind() string { return "rfo.export" }

var rfoExportRow = &Row{
	Stem: "rfo_export", Words: "rfo export", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo export", "rfo export TARGET"},
	Help:  "shows where copies of the published RFO are and whether they are stale; with a target, brings it there (again)",
	Bare: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		return incident.Say{ID: "rfo_export.copies", Args: incident.Args{
			"key": c.Incident.Key(), "revision": c.Incident.Review.PublishedRevision(), "copies": c.copies(false),
		}}, nil, c.end()
	},
	Change: func(c *Invocation) (incident.Command, error) {
		target := c.take()
		if err := c.end(); err != nil {
			return nil, err
		}
		return incident.ExportRFO{Target: target.Text, Confirmed: c.Request.Confirmed}, nil
	},
}

// copies are the places that the RFO goes to, each with what is known of it;
// only those that hold one, or should, when begun is wanted.
func (c *Invocation) copies(begun bool) []incident.Args {
	review := c.Incident.Review
	var list []incident.Args
	for _, target := range c.service.Exports {
		one := review.Paper.Copy(target)
		if begun && one.Revision == 0 && one.Failed == 0 {
			continue
		}
		list = append(list, incident.Args{"copy": incident.Say{ID: "rfo_export.copy", Args: incident.Args{
			"target": target, "exported": one.Revision, "place": one.Place, "stale": review.Stale(one), "failed": one.Failed,
			"revision": review.PublishedRevision(),
		}}})
	}
	return list
}
