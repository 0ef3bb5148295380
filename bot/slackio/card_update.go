package slackio

import "github.com/rollcall-bot/rollcall/incident"

// update is the message of one update to stakeholders: what is about to go out,
// with the ways to hurry or stop it, and later what became of it.
func (d drawing) update(id string) (Message, bool) {
	u, ok := d.i.Log.Update(entry(id))
	args := incident.Args{
		"id": id, "text": d.wording(u.Seq, u.Text), "by": u.By, "at": u.Sent, "goes": u.At.Add(incident.UpdateHold),
	}
	switch {
	case !ok || d.hidden(u.Seq):
		return one(d.text("card_update.gone", args)), true
	case u.State == incident.UpdateStopped:
		return one(d.text("card_update.stopped", args)), true
	case u.State == incident.UpdateHeld:
		return one(d.text("card_update.held", args), actions(
			d.button("card_update.send", "send", "update send "+id),
			d.button("card_update.stop", "stop", "update stop "+id),
		)), true
	}
	return one(d.text("card_update.sent", args)), true
}
