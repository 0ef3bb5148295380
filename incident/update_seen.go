package incident

import (
	"slices"
	"time"
)

// Sight is somebody who said that they read an update.
type Sight struct {
	By PersonID
	At time.Time
}

// SeeUpdate says that the actor has read an update, so that whoever leads need
// not ask.
type SeeUpdate struct{ Entry int64 }

// Verb is "update_seen".
func (SeeUpdate) Verb() string { return "update_seen" }

// Needs nothing from outside.
func (SeeUpdate) Needs() Needs { return Needs{} }

func (c SeeUpdate) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	u, err := i.sentUpdate(c.Entry)
	if err != nil {
		return Decision{}, err
	}
	if n := slices.IndexFunc(u.Seen, func(one Sight) bool { return one.By == s.Actor }); n >= 0 {
		return Decision{}, refuse(Conflict, "update_seen.twice", "id", u.ID(), "at", u.Seen[n].At)
	}
	return Decision{
		Events: []Event{UpdateSeen(c)},
		Say:    say("update_seen.done", "key", i.Key(), "id", u.ID()),
	}, nil
}

// sentUpdate finds an update that went out.
func (i *Incident) sentUpdate(entry int64) (Update, error) {
	u, ok := i.Log.Update(entry)
	if !ok || u.State != UpdateSent {
		return Update{}, refuse(NotFound, "update.not_sent", "id", EntryID(entry))
	}
	return u, nil
}

// UpdateSeen is somebody who read an update.
type UpdateSeen struct{ Entry int64 }

var _ = register[UpdateSeen]()

// Kind is "update.seen".
func (UpdateSeen) Kind() string { return "update.seen" }

// Line is empty: the update's own message shows who has seen it.
func (UpdateSeen) Line(Names) string { return "" }

// Keys is the update.
func (e UpdateSeen) Keys() []string { return []string{updateKey(e.Entry)} }

func (e UpdateSeen) apply(i *Incident, r Record) {
	i.changeUpdate(e.Entry, func(u *Update) { u.Seen = append(slices.Clip(u.Seen), Sight{By: r.Actor, At: r.At}) })
}
