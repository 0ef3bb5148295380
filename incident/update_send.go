package incident

import (
	"slices"
	"strconv"
)

// SendNow sends a held update without waiting any longer.
type SendNow struct{ Entry int64 }

// Verb is "update_send".
func (SendNow) Verb() string { return "update_send" }

// Needs nothing from outside.
func (SendNow) Needs() Needs { return Needs{} }

func (c SendNow) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	u, err := i.held(c.Entry)
	if err != nil {
		return Decision{}, err
	}
	return i.send(u, f), nil
}

// held finds an update that can still be sent or stopped.
func (i *Incident) held(entry int64) (Update, error) {
	u, ok := i.Log.Update(entry)
	switch {
	case !ok:
		return Update{}, refuse(NotFound, "update.unknown", "id", EntryID(entry))
	case u.State == UpdateSent:
		return Update{}, refuse(Conflict, "update.sent_already", "id", u.ID(), "at", u.Sent)
	case u.State == UpdateStopped:
		return Update{}, refuse(Conflict, "update.stopped_already", "id", u.ID())
	}
	return u, nil
}

// send lets a held update out.
func (i *Incident) send(u Update, f Facts) Decision {
	to := u.To
	if to == nil { // written before the audience was kept
		to = i.Audience(f.Policy)
	}
	d := Decision{
		Events: []Event{UpdateWent{Entry: u.Seq, Text: u.Text}},
		Say:    say("update_send.done", "key", i.Key(), "id", u.ID(), "count", len(to), "private", i.Identity.Private),
	}
	tell := Effect{Kind: Tell, Say: say("update_send.tell", "key", i.Key(), "title", i.Identity.Title,
		"severity", i.Life.Severity, "status", string(i.Life.Status), "text", u.Text, "by", u.By, "drill", i.Identity.Drill)}
	executives, others := tell, tell
	for _, who := range to {
		if slices.Contains(f.Policy.Executives, who) {
			executives.People = append(executives.People, who)
		} else {
			others.People = append(others.People, who)
		}
	}
	executives.Choices = []Choice{choice("update_seen", "update seen "+u.ID()), choice("update_ask", "update ask "+u.ID())}
	for _, e := range []Effect{executives, others} {
		if len(e.People) > 0 {
			d.Effects = append(d.Effects, e)
		}
	}
	d.Effects = append(d.Effects, i.notePager(noteUpdate, u.Seq, f.Policy)...)
	return d
}

var _ = registerClock("update.send", clock{
	due: func(i *Incident, _ *Policy) []Due {
		var dues []Due
		for _, u := range i.Log.Held() {
			dues = append(dues, Due{Kind: "update.send", Key: strconv.FormatInt(u.Seq, 10), At: u.At.Add(UpdateHold)})
		}
		return dues
	},
	fire: func(i *Incident, d Due, _ Stamp, f Facts) (Decision, error) {
		for _, u := range i.Log.Held() {
			if strconv.FormatInt(u.Seq, 10) == d.Key {
				return i.send(u, f), nil
			}
		}
		return Decision{}, nil
	},
})

// UpdateWent is an update that went out to its audience.
type UpdateWent struct {
	Entry int64
	Text  string
}

var _ = register[UpdateWent]()

// Kind is "update.sent".
func (UpdateWent) Kind() string { return "update.sent" }

// Line is what was said.
func (e UpdateWent) Line(names Names) string { return colon("update", e.Text, names) }

// Keys is the update.
func (e UpdateWent) Keys() []string { return []string{updateKey(e.Entry)} }

func (UpdateWent) instead() string { return "instead.update_send" }

func (e UpdateWent) apply(i *Incident, r Record) {
	i.changeUpdate(e.Entry, func(u *Update) { u.State, u.Sent = UpdateSent, r.At })
}
