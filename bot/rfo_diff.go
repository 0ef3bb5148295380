package bot

import (
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
)

// What a comparison shows in the chat at most.
const (
	diffLines = 40
	diffWidth = 160 // characters of a line
)

var rfoDiffRow = &Row{
	Stem: "rfo_diff", Words: "rfo diff", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo diff", "rfo diff REVISION"}, Help: "shows what the RFO says now and did not in a revision, the last one unless said",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		last, written := c.Incident.Review.LastRevision()
		number := last.Revision
		if w := c.take(); w.Text != "" {
			n, err := strconv.Atoi(strings.TrimPrefix(strings.ToLower(w.Text), "r"))
			if err != nil || !c.rest.Empty() {
				return incident.Say{}, nil, misfit{}
			}
			number = n
		}
		if !written || number < 1 || number > last.Revision {
			return incident.Say{}, nil, &incident.Error{Code: incident.NotFound, Say: incident.Say{ID: "rfo_diff.none", Args: incident.Args{
				"key": c.Incident.Key(), "revision": number, "last": last.Revision,
			}}}
		}
		changes, err := c.changesSince(number)
		return incident.Say{ID: "rfo_diff.shown", Args: incident.Args{
			"key": c.Incident.Key(), "revision": number, "lines": changes[:min(len(changes), diffLines)], "more": max(0, len(changes)-diffLines),
		}}, nil, err
	},
}

// changesSince compares the RFO with what it said in a revision.
func (c *Invocation) changesSince(revision int) ([]incident.Args, error) {
	now, err := c.paper()
	if err != nil {
		return nil, err
	}
	then, log := c.Incident, now.log
	for _, p := range c.Incident.Review.Revisions() {
		if p.Revision == revision && p.Seq <= int64(len(log)) {
			log = log[:p.Seq]
			if then, err = incident.Fold(c.Incident.ID, log); err != nil {
				return nil, err
			}
			break
		}
	}
	earlier, err := EarlierOf(c.Reader, c.Incident, "") // what another incident says is no change of this one
	if err != nil {
		return nil, err
	}
	before := rfo.Build(then, log, c.names(), rfo.Options{TeamZone: c.service.Policy.Zone, Earlier: earlier})
	changes := rfo.Changes(before, now.doc, then.Review.Paper.Overlays, c.Incident.Review.Paper.Overlays)
	var list []incident.Args
	for line := range strings.SplitSeq(changes, "\n") {
		if line != "" {
			list = append(list, incident.Args{"line": shorten(strings.ReplaceAll(line, "`", "'"), diffWidth)})
		}
	}
	return list, nil
}
