package incident

import (
	"slices"
	"strconv"
	"time"
)

// Late is what came in after a revision of the RFO was published, by others than
// whoever writes it.
type Late struct {
	Revision int
	Count    int
	First    time.Time
}

// lateWait is how long after the first late entry whoever writes the RFO is told:
// entries come in groups.
const lateWait = time.Hour

// lateKinds are the events that tell more of what happened. What becomes of actions
// is followed up by itself.
var lateKinds = []string{
	"noted", "message.pinned", "entry.edited", "entry.hidden", "detected", "first_error", "started", "acked", "comms", "impact",
	"mitigated", "severity.changed", "rfo.answered", "rfo.taken", "action.added",
}

// tellLate counts what came in late.
func (i *Incident) tellLate(r Record) {
	n := len(i.Review.Published)
	if n == 0 || r.Actor == System || r.Actor == i.reviewer() || !slices.Contains(lateKinds, r.Event.Kind()) {
		return
	}
	l := &i.Review.Paper.Late
	if revision := i.Review.Published[n-1].Revision; l.Revision != revision {
		*l = Late{Revision: revision, First: r.At}
	}
	l.Count++
}

// late is what came in since the last published revision.
func (i *Incident) late() (Late, bool) {
	n, l := len(i.Review.Published), i.Review.Paper.Late
	return l, n > 0 && i.Life.Status == Resolved && l.Count > 0 && l.Revision == i.Review.Published[n-1].Revision
}

// Whoever writes the RFO is told once of each revision that more is known now. It
// is an offer: nothing is published by itself.
var _ = reminder("rfo.late", func(i *Incident, p *Policy) []Due {
	l, ok := i.late()
	key := "r" + strconv.Itoa(l.Revision)
	if !ok || !i.Review.Reminders.said("rfo.late", key).IsZero() {
		return nil
	}
	return []Due{i.Review.Reminders.remind("rfo.late", key, workingFrom(l.First.Add(lateWait), p.zoneOf(i.reviewer())))}
}, func(i *Incident, _ Due, _ Stamp, _ *Policy) (PersonID, []Effect) {
	l, _ := i.late()
	who := i.reviewer()
	return who, []Effect{{
		Kind: Tell, People: []PersonID{who},
		Say: say("rfo_late.told", "key", i.Key(), "title", i.outside(i.Identity.Title), "revision", l.Revision, "count", l.Count),
	}}
})
