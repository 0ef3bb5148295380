package slackio

import (
	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/incident"
)

// summary is the card that is pinned in the incident's channel: where it stands,
// who leads, where to talk, what is next.
func (d drawing) summary(string) (Message, bool) {
	i := d.i
	common := d.common()
	m := Message{Text: d.text("card_summary.fallback", common)}
	m.Blocks = []slack.Block{
		section(d.text("card_summary.head", common)),
		section(d.text("card_summary.facts", d.facts())),
		d.alarms(),
		d.lastUpdate(),
		actions(d.summaryButtons()...),
		small(d.text("card_summary.opened", incident.Args{"at": i.Identity.OpenedAt, "by": i.Identity.Opener, "of": copyOf(i)})),
	}
	return m, true
}

// copyOf is the public incident that a private one goes on from, "" for none.
func copyOf(i *incident.Incident) string {
	if i.Identity.CopyOf == 0 {
		return ""
	}
	return incident.Key(i.Identity.CopyOf)
}

func (d drawing) facts() incident.Args {
	i := d.i
	open := i.Board.OpenTasks()
	settled, services := i.Board.RollbackCount()
	tasks := 0
	for _, t := range i.Board.Tasks {
		if t.State != incident.TaskDropped {
			tasks++
		}
	}
	facts := incident.Args{
		"call": link(i.Call().URL), "impact": d.impact(),
		"open": len(open), "tasks": tasks, "settled": settled, "services": services,
	}
	if len(open) > 0 && !i.Life.Status.Over() {
		facts["nextid"], facts["next"], facts["nextowner"] = open[0].ID(), clip(open[0].Text), open[0].Owner
	}
	return facts
}

// summaryButtons are the steps that make sense now.
func (d drawing) summaryButtons() []*slack.ButtonBlockElement {
	i := d.i
	var row []*slack.ButtonBlockElement
	if call := link(i.Call().URL); call != "" && !i.Life.Status.Over() {
		row = append(row, visit("call", d.label("card_summary.join"), call))
	}
	if i.Leadership.Leader == incident.System && !i.Life.Status.Over() {
		row = append(row, d.button("card_summary.lead", "lead", "lead me"))
	}
	if !i.Life.Status.Over() {
		// A verb alone opens its form; where there is none, it says how to type it.
		row = append(row, d.button("card_summary.task", "task", "task"), d.button("card_summary.update", "update", "update"))
	}
	switch i.Life.Status {
	case incident.Open:
		row = append(row, d.button("card_summary.mitigated", "mitigated", "mitigated"))
	case incident.Mitigated:
		row = append(row, d.button("card_summary.resolve", "resolve", "resolve"))
	case incident.Resolved, incident.Cancelled, incident.Merged:
	}
	if len(i.Review.Published) > 0 && d.v.BaseURL != "" {
		row = append(row, visit("rfo", d.label("card_summary.rfo"), d.v.BaseURL+"/incidents/"+i.Key()+"/rfo"))
	}
	return row
}
