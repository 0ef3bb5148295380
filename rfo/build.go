package rfo

import (
	"slices"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Options are what a document depends on besides the incident. All may be zero.
type Options struct {
	// TeamZone adds a second column of times in the team's zone. UTC adds none.
	TeamZone *time.Location
	// BaseURL is where people reach Rollcall's pages, without a slash at the end;
	// entries of the timeline link there.
	BaseURL string
	// ChannelURL is the link to the incident's channel.
	ChannelURL string
	// MessageURL is the link to one message of the workspace; "" for none.
	MessageURL func(channel, ts string) string
	// Earlier are incidents from before that look alike, the most alike first; none
	// that is private.
	Earlier []Earlier
	// Layout is how the document is laid out; nil for the built-in one.
	Layout *Layout
	// Active says whether a person can still be given work; nil means everybody can.
	Active func(incident.PersonID) bool
}

// builder holds what every part of the document is made from.
type builder struct {
	inc     *incident.Incident
	log     []incident.Record // what holds: without commands that were undone
	all     []incident.Record
	bySeq   map[int64]incident.Record
	people  people
	options Options
	moments moments
}

// Build makes the document of an incident. log is the incident's whole log and
// inc its fold. Nothing is guessed: what nobody recorded is marked as missing.
func Build(inc *incident.Incident, log []incident.Record, names incident.Names, o Options) Document {
	b := newBuilder(inc, log, names, o)
	d := b.facts()
	d.Head.State = b.state(sync.OnceValue(func() string { return ContentHash(inc, log) }))
	return d
}

func newBuilder(inc *incident.Incident, log []incident.Record, names incident.Names, o Options) *builder {
	b := &builder{inc: inc, all: log, people: people{names}, options: o, bySeq: map[int64]incident.Record{}}
	if o.TeamZone != nil && (o.TeamZone == time.UTC || o.TeamZone.String() == "UTC") {
		b.options.TeamZone = nil
	}
	b.log = holding(log)
	for _, r := range log {
		b.bySeq[r.Seq] = r
	}
	return b
}

// facts is the document but for its state.
func (b *builder) facts() Document {
	b.moments = b.gather()
	d := Document{Impact: b.impact(), Timeline: b.timeline(), Actions: b.actions(), History: b.history(), Margin: Margin{b.waived(), b.edited(), b.options.Layout}}
	d.Speed = Speed{
		Stamps: b.moments.list, Metrics: b.moments.metrics(d.Impact.Duration), Phases: b.moments.phases(),
		Answer: b.answer("speed"),
	}
	d.Speed.Phases.OutOfOrder = slices.ContainsFunc(d.Speed.Metrics, func(m Metric) bool { return m.Value.State == OutOfOrder })
	d.Detection = b.detection()
	d.Fix = b.fix(d.Impact.Services)
	d.Story = Story{
		Cause: b.answer("cause"), Class: b.answer("class"), Well: b.answer("well"), Hard: b.answer("hard"),
		Luck: b.answer("luck"), Rejected: b.answer("rejected"), Open: b.answer("open"),
	}
	d.People = b.team()
	d.Head = b.head(d)
	d.Glance = Glance{Facts: glance(d), Summary: b.answer("summary")}
	d.Story.Repeats = b.repeats(d)
	return d
}

// holding is the log without what was undone, and without the undoing.
func holding(log []incident.Record) []incident.Record {
	undone := map[incident.CommandID]bool{}
	for _, r := range log {
		if u, ok := r.Event.(incident.Undone); ok {
			undone[u.Command] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(log), func(r incident.Record) bool {
		_, undo := r.Event.(incident.Undone)
		return undo || undone[r.Command]
	})
}

// who is a person's name; "" for nobody and for Rollcall itself.
func (b *builder) who(p incident.PersonID) string {
	if p == incident.System {
		return ""
	}
	return b.people.bare(p)
}

// actor is who did something: a name, or Rollcall.
func (b *builder) actor(p incident.PersonID) string {
	if p == incident.System {
		return "Rollcall"
	}
	return b.people.bare(p)
}

func (b *builder) head(d Document) Head {
	i := b.inc
	last, _ := i.Review.LastRevision()
	h := Head{
		Key: i.Key(), TeamZone: b.options.TeamZone, Title: b.people.text(i.Identity.Title), Revision: last.Revision, ImpactKind: impactKind(d.Impact),
		Owner: b.who(b.owner()), Leader: b.who(i.Leadership.Leader), Cursor: i.Head,
		Incident: Life{
			Status: i.Life.Status, Severity: i.Life.Severity, Peak: i.Life.Peak, Private: i.Identity.Private,
			Drill: i.Identity.Drill, Reopened: len(b.moments.episodes) - 1, Reason: b.reason(),
		},
	}
	if n := len(b.all); n > 0 {
		h.AsOf = b.all[n-1].At.UTC()
	}
	for _, s := range d.Impact.Services {
		if s.Found == foundAffected || s.Found == foundSuspected {
			h.Services = append(h.Services, s.Name)
		}
	}
	return h
}

// reason is why there is no RFO, or why the incident ended without one.
func (b *builder) reason() string {
	switch {
	case b.inc.Life.Status == incident.Merged:
		for _, r := range slices.Backward(b.log) {
			if m, ok := r.Event.(incident.WasMerged); ok {
				return incident.Key(m.Number)
			}
		}
	case b.inc.Life.Status == incident.Cancelled:
		return b.people.text(b.inc.Life.Reason)
	case b.inc.Review.Skipped != nil:
		return b.people.text(b.inc.Review.Skipped.Text)
	}
	return ""
}

// owner is who writes the RFO: the leader, or else who opened it, unless named.
func (b *builder) owner() incident.PersonID {
	for _, p := range []incident.PersonID{b.inc.Review.Owner, b.inc.Leadership.Leader, b.inc.Identity.Opener} {
		if p != incident.System {
			return p
		}
	}
	return incident.System
}

// changedSince counts the entries after a published revision that the document
// shows: all but what Rollcall noted by itself.
func (b *builder) changedSince(seq int64) int {
	n := 0
	for _, r := range b.log {
		_, publishing := r.Event.(incident.RFOPublished)
		if r.Seq > seq && !publishing && r.Actor != incident.System {
			n++
		}
	}
	return n
}
