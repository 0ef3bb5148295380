package slackio

import (
	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/incident"
)

// shownAlarms bounds how many alarms the summary names; the rest is counted.
const shownAlarms = 5

// alarms are the incident's alarms with the way back to where they were raised; an
// empty paragraph, which is never sent, when there is none.
func (d drawing) alarms() slack.Block {
	all := d.i.Board.Alarms
	if len(all) == 0 {
		return section("")
	}
	var list []incident.Args
	for _, a := range all[:min(len(all), shownAlarms)] {
		list = append(list, incident.Args{
			"name": clip(a.Name()), "source": incident.SourceName(a.Ref.Source), "state": string(a.State()), "url": link(a.URL.Value),
		})
	}
	return section(d.text("card_alarms.list", incident.Args{"alarms": list, "more": len(all) - len(list)}))
}
