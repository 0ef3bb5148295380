package slackio

import "github.com/rollcall-bot/rollcall/incident"

// update is the message of one update to stakeholders: what is about to go out,
// with the ways to hurry or stop it, and later what became of it.
func (d drawing) update(id string) (Message, bool) {
	u, ok := d.i.Log.Update(entry(id))
	args := incident.Args{
		"id": id, "text": d.wording(u.Seq, u.Text), "by": u.By, "at": u.Sent, "goes": u.At.Add(incident.UpdateHold),
		"audience": people(u.To), "private": d.i.Identity.Private, "seen": seen(u.Seen),
	}
	switch {
	case !ok || d.hidden(u.Seq):
		return one(d.text("card_update.gone", args)), true
	case u.State == incident.UpdateStopped:
		return one(d.text("card_update.stopped", args)), true
	case u.State == incident.UpdateHeld:
		// Whoever wrote it has all three buttons under the answer; everybody else may
		// keep it from going out.
		return one(d.text("card_update.held", args), actions(d.button("card_update.stop", "stop", "update stop "+id))), true
	}
	return one(d.text("card_update.sent", args)), true
}

// people turns people into a list to range over, each as "who".
func people(list []incident.PersonID) []incident.Args {
	out := make([]incident.Args, 0, len(list))
	for _, p := range list {
		out = append(out, incident.Args{"who": p})
	}
	return out
}

// seenShown bounds how many of those who have seen an update are named.
const seenShown = 20

// seen is who said that they read an update, and when.
func seen(list []incident.Sight) []incident.Args {
	out := make([]incident.Args, 0, len(list))
	for _, s := range list[:min(len(list), seenShown)] {
		out = append(out, incident.Args{"by": s.By, "at": s.At})
	}
	return out
}
