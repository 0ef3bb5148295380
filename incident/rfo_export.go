package incident

import (
	"slices"
	"strings"
	"time"
)

// CanvasTarget is the canvas of the incident's channel, which whoever is in the channel reads.
const CanvasTarget = "canvas"

// Copy is a copy of the RFO that is kept outside: where it is, and which revision.
type Copy struct {
	Target   string // such as "git"
	Approved bool   `json:",omitempty"` // of a private incident: by its leader
	Revision int    `json:",omitempty"` // that was exported last; 0 for none
	Place    string `json:",omitempty"` // its address or path there
	At       time.Time
	Failed   int `json:",omitempty"` // the revision that did not get there and was told of; 0 for none
}

// Copy is what is known of the copy at a target.
func (p Paper) Copy(target string) Copy {
	for _, c := range p.Copies {
		if c.Target == target {
			return c
		}
	}
	return Copy{Target: target}
}

// setCopy changes what is known of a copy, and keeps their order.
func (p *Paper) setCopy(target string, change func(*Copy)) {
	all := slices.Clone(p.Copies)
	n := slices.IndexFunc(all, func(c Copy) bool { return c.Target == target })
	if n < 0 {
		n, all = len(all), append(all, Copy{Target: target})
	}
	change(&all[n])
	p.Copies = all
}

// PublishedRevision is the last revision that was published; 0 for none.
func (r Review) PublishedRevision() int {
	if n := len(r.Published); n > 0 {
		return r.Published[n-1].Revision
	}
	return 0
}

// Stale says that a newer revision than the copy's is published.
func (r Review) Stale(c Copy) bool { return c.Revision > 0 && c.Revision < r.PublishedRevision() }

// mayLeave says whether something of the incident may be sent to a target without
// anybody being asked. A private one may not, unless its leader said so; a drill
// leaves no traces elsewhere, unless somebody wants it to. The channel's canvas is where
// the incident is.
func (i *Incident) mayLeave(target string) bool {
	return target == CanvasTarget || !i.Identity.Private && !i.Identity.Drill || i.Review.Paper.Copy(target).Approved
}

// exports are the steps that bring a published revision to where copies are kept.
func (i *Incident) exports(revision int, p *Policy) []Effect {
	var all []Effect
	for _, target := range p.Around.Exports {
		if i.mayLeave(target) {
			all = append(all, Effect{Kind: Export, Number: revision, Way: target})
		}
	}
	return all
}

// ExportRFO brings the published RFO to a target, again or for the first time. Of a
// private incident only its leader may say so, once for each target.
type ExportRFO struct {
	Target    string
	Confirmed bool // whoever gives the command was asked
}

// Verb is "rfo_export".
func (ExportRFO) Verb() string { return "rfo_export" }

// Needs nothing from outside.
func (ExportRFO) Needs() Needs { return Needs{} }

func (c ExportRFO) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	targets := f.Policy.Around.Exports
	revision := i.Review.PublishedRevision()
	switch {
	case !slices.Contains(targets, c.Target):
		return Decision{}, refuse(NotFound, "rfo_export.unknown", "target", c.Target, "targets", strings.Join(targets, ", "))
	case revision == 0:
		return Decision{}, refuse(Conflict, "rfo_export.not_published", "key", i.Key())
	}
	first := !i.mayLeave(c.Target)
	if first && i.Identity.Private {
		if err := i.leaderAllows(s.Actor); err != nil {
			return Decision{}, err
		}
		if !c.Confirmed {
			return Decision{}, refuse(Ask, "rfo_export.ask", "key", i.Key(), "target", c.Target).
				with(confirming("rfo_export", "rfo export "+c.Target, "target", c.Target))
		}
	}
	return Decision{
		Events:  []Event{RFOExportAsked{Target: c.Target, Revision: revision, Approved: first}},
		Effects: []Effect{{Kind: Export, Number: revision, Way: c.Target}},
		Say:     say("rfo_export.done", "key", i.Key(), "target", c.Target, "revision", revision, "private", i.Identity.Private),
	}, nil
}

// leaderAllows refuses what only the leader may allow, or whoever writes the RFO
// when nobody leads.
func (i *Incident) leaderAllows(who PersonID) error {
	leader := i.Leadership.Leader
	if leader == System {
		leader = i.reviewer()
	}
	if who != leader {
		return refuse(Forbidden, "rfo_export.not_yours", "key", i.Key(), "leader", leader)
	}
	return nil
}

// RFOExportAsked says that somebody wanted the RFO to be at a target.
type RFOExportAsked struct {
	Target   string
	Revision int
	Approved bool `json:",omitempty"` // what would not have left by itself may, from now on
}

var _ = register[RFOExportAsked]()

// Kind is "rfo.export_asked".
func (RFOExportAsked) Kind() string { return "rfo.export_asked" }

// Line says what was allowed, and else that it was asked for.
func (e RFOExportAsked) Line(Names) string {
	if e.Approved {
		return "RFO may be exported to " + e.Target
	}
	return "export of the RFO to " + e.Target + " asked for"
}

// Keys is the RFO.
func (RFOExportAsked) Keys() []string { return []string{"rfo"} }

func (RFOExportAsked) instead() string { return "instead.rfo_export" }

func (e RFOExportAsked) apply(i *Incident, _ Record) {
	i.Review.Paper.setCopy(e.Target, func(c *Copy) { c.Approved, c.Failed = c.Approved || e.Approved, 0 })
}
