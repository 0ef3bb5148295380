package slackio

import "github.com/rollcall-bot/rollcall/incident"

// update is the message of one update to stakeholders.
func (d drawing) update(id string) (Message, bool) {
	for _, u := range d.i.Log.Updates {
		if u.Seq == entry(id) && !d.hidden(u.Seq) {
			return one(d.text("card_update.sent", incident.Args{
				"id": id, "text": d.wording(u.Seq, u.Text), "by": u.By, "at": u.At,
			})), true
		}
	}
	return one(d.text("card_update.gone", incident.Args{"id": id})), true
}
