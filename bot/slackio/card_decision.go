package slackio

import "github.com/rollcall-bot/rollcall/incident"

// decision is the message of one decision of the leader.
func (d drawing) decision(id string) (Message, bool) {
	for _, made := range d.i.Log.Decisions {
		if made.Seq == entry(id) && !d.hidden(made.Seq) {
			return one(d.text("card_decision.made", incident.Args{
				"id": id, "text": d.wording(made.Seq, made.Text), "by": made.By, "at": made.At,
			})), true
		}
	}
	return one(d.text("card_decision.gone", incident.Args{"id": id})), true
}
