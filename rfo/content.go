package rfo

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// ContentHash names what an incident's document says: facts, impact, answers,
// actions, timeline. It leaves out what is said about the document itself (state,
// revisions, approvals, waivers), the names of people, who may marry, and every
// setting, so that an approval is voided by a change of the content and by nothing
// else. The same content has the same hash on every machine.
func ContentHash(inc *incident.Incident, log []incident.Record) string {
	return contentOf(newBuilder(inc, log, ids{}, Options{}).facts())
}

// ids calls people by their ids, which never change.
type ids struct{}

// Name is the id.
func (ids) Name(p incident.PersonID) string { return "person " + string(p) }

func contentOf(d Document) string {
	body, err := json.Marshal(d.content())
	if err != nil { // plain data always has a form
		return ""
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:16])
}

// content is the document without what it says of itself.
func (d Document) content() Document {
	d.Head.State, d.Head.Revision, d.Head.Cursor, d.Head.AsOf = "", 0, 0, time.Time{}
	d.Speed.Stamps = slices.DeleteFunc(slices.Clone(d.Speed.Stamps), func(s Stamp) bool { return s.Name == published })
	d.Speed.Metrics = slices.DeleteFunc(slices.Clone(d.Speed.Metrics), func(m Metric) bool { return m.ID == "time_to_rfo" })
	d.Timeline.Rows = d.Timeline.Body()
	d.People.Names = nil
	d.History, d.Waived = nil, nil
	return d
}

// state is where the document stands.
func (b *builder) state(content func() string) State {
	r := b.inc.Review
	switch {
	case b.inc.Life.Status == incident.Cancelled || b.inc.Life.Status == incident.Merged:
		return NotOwed
	case r.Skipped != nil && len(r.Published) == 0:
		return Skipped
	}
	since := int64(0) // the last published revision
	if n := len(r.Published); n > 0 {
		last := r.Published[n-1]
		switch {
		case !b.changed(last, content) && b.followed():
			return Closed
		case !b.changed(last, content):
			return Published
		}
		since = last.Seq
	}
	for _, a := range r.Paper.Approvals {
		if a.Hash == content() {
			return Approved
		}
	}
	switch {
	case r.Paper.Asked.Seq > since:
		return InReview
	case since > 0:
		return Changed
	}
	return Draft
}

// changed says whether the document says something else than a published revision.
// Of revisions from before contents were named, whether anything was recorded since.
func (b *builder) changed(p incident.Publication, content func() string) bool {
	if p.Hash != "" {
		return p.Hash != content()
	}
	return b.changedSince(p.Seq) > 0
}

// followed says that nothing is left to do: every action is done or dropped.
func (b *builder) followed() bool {
	return !slices.ContainsFunc(b.inc.Review.Actions, func(a incident.Action) bool { return a.State == incident.ActionOpen })
}

// StateOf is where an incident's document stands, without the document.
func StateOf(inc *incident.Incident, log []incident.Record) State {
	b := newBuilder(inc, log, ids{}, Options{})
	return b.state(func() string { return ContentHash(inc, log) })
}

// IsContent says whether an entry of the log is about what happened or was
// learned, and not about the document, reminders or Rollcall's own doing.
func IsContent(log []incident.Record, seq int64) bool {
	for _, r := range log {
		if r.Seq == seq {
			return r.Actor != incident.System && (!strings.HasPrefix(r.Event.Kind(), "rfo.") || r.Event.Kind() == "rfo.answered")
		}
	}
	return false
}

// Edited is what people wrote into one part of an exported copy: the lines that
// were not ours.
type Edited struct {
	Part  string   `json:"part"`
	Lines []string `json:"lines"`
}

func (b *builder) edited() []Edited {
	var list []Edited
	for _, o := range b.inc.Review.Paper.Overlays {
		if more := added(lines(o.Base), lines(o.Text)); len(more) > 0 {
			for n := range more {
				more[n] = clean(more[n])
			}
			list = append(list, Edited{Part: strings.TrimPrefix(o.Section, afterPlace), Lines: more})
		}
	}
	return list
}

// Waived is a finding that somebody let pass, and why.
type Waived struct {
	Finding incident.Finding `json:"finding"`
	Reason  string           `json:"reason"`
	By      string           `json:"by"`
	On      string           `json:"on"` // ISO date
}

// waived are the findings that were let pass, in the order of their rules; of
// several reasons for one the last.
func (b *builder) waived() []Waived {
	var list []Waived
	seen := map[incident.Finding]bool{}
	for _, w := range slices.Backward(b.inc.Review.Paper.Waivers) {
		for _, f := range w.Findings {
			if !seen[f] {
				seen[f] = true
				list = append(list, Waived{Finding: f, Reason: b.people.text(w.Reason), By: b.actor(w.By), On: w.At.UTC().Format(dayLayout)})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Waived) int { return compareFindings(a.Finding, b.Finding) })
	return list
}

func compareFindings(a, b incident.Finding) int {
	return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Where, b.Where), cmp.Compare(a.Quote, b.Quote))
}
