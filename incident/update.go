package incident

import (
	"slices"
	"time"
)

// UpdateHold is how long an update waits before it goes out, so that whoever
// wrote it can still stop it.
const UpdateHold = 20 * time.Second

// SendUpdate tells the stakeholders where things stand. It is held for
// UpdateHold; written again by the same person meanwhile, it takes the place of
// the held one.
type SendUpdate struct{ Text string }

// Verb is "update".
func (SendUpdate) Verb() string { return "update" }

// Needs nothing from outside.
func (SendUpdate) Needs() Needs { return Needs{} }

func (c SendUpdate) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	var own []Update
	for _, u := range i.Log.Held() {
		if u.By == s.Actor {
			own = append(own, u)
		}
	}
	return i.draft(c.Text, f.Policy, own...)
}

// draft holds a new update, in the place of others that are held.
func (i *Incident) draft(text string, p *Policy, instead ...Update) (Decision, error) {
	if err := needs(text, "update.empty"); err != nil {
		return Decision{}, err
	}
	entry := i.Head + 1
	id := EntryID(entry)
	d := Decision{Events: []Event{UpdateDrafted{Entry: entry, Text: text, To: i.Audience(p)}}}
	var replaced string
	for _, u := range instead {
		d.Events = append(d.Events, UpdateHalted{Entry: u.Seq})
		replaced = u.ID()
	}
	d.Say = say("update.held", "key", i.Key(), "id", id, "text", text, "hold", UpdateHold, "replaced", replaced,
		"audience", people(i.Audience(p)), "private", i.Identity.Private)
	d.Choices = []Choice{
		choice("update_send", "update send "+id), choice("update_edit", "update edit "+id), choice("update_stop", "update stop "+id),
	}
	return d, nil
}

// Audience is who gets an update as a direct message: the executives and
// whoever follows the incident or one of its services. Nobody for a private one: its members read it
// in the channel, and no one else may.
func (i *Incident) Audience(p *Policy) []PersonID {
	if i.Identity.Private {
		return nil
	}
	var list []PersonID
	for _, who := range slices.Concat(p.Executives, i.Board.Followers, p.Around.followers(i.Board.services())) {
		if !slices.Contains(list, who) {
			list = append(list, who)
		}
	}
	return list
}

// people turns people into a list to range over, each as "who".
func people(list []PersonID) []Args {
	out := make([]Args, 0, len(list))
	for _, p := range list {
		out = append(out, Args{"who": p})
	}
	return out
}

// Held are the updates that did not go out yet, the oldest first.
func (l Log) Held() []Update {
	var held []Update
	for _, u := range l.Updates {
		if u.State == UpdateHeld {
			held = append(held, u)
		}
	}
	return held
}

// Update finds an update by its entry.
func (l Log) Update(entry int64) (Update, bool) {
	for _, u := range l.Updates {
		if u.Seq == entry {
			return u, true
		}
	}
	return Update{}, false
}

// LastUpdate is the last one that went out.
func (l Log) LastUpdate() (Update, bool) {
	var last Update
	for _, u := range l.Updates {
		if u.State == UpdateSent && !u.Sent.Before(last.Sent) {
			last = u
		}
	}
	return last, last.Seq != 0
}

// changeUpdate changes an update in place.
func (i *Incident) changeUpdate(entry int64, change func(*Update)) {
	for n := range i.Log.Updates {
		if i.Log.Updates[n].Seq == entry {
			change(&i.Log.Updates[n])
		}
	}
}

func updateKey(entry int64) string { return "update:" + EntryID(entry) }

// UpdateDrafted is an update that is held.
type UpdateDrafted struct {
	Entry int64 // its own place in the log, which names it from now on
	Text  string
	To    []PersonID `json:",omitempty"` // its audience, as it is shown
}

// Version 2 added the audience.
var _ = register[UpdateDrafted](func(body []byte) ([]byte, error) { return body, nil })

// Kind is "update.drafted".
func (UpdateDrafted) Kind() string { return "update.drafted" }

// Line is empty: what may still be stopped is not told to have been said.
func (UpdateDrafted) Line(Names) string { return "" }

// Keys is the update.
func (e UpdateDrafted) Keys() []string { return []string{updateKey(e.Entry)} }

func (e UpdateDrafted) apply(i *Incident, r Record) {
	i.Log.Updates = append(i.Log.Updates, Update{Seq: e.Entry, Text: e.Text, By: r.Actor, At: r.At, State: UpdateHeld, To: e.To})
}
