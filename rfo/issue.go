package rfo

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

// Issue words an action for a tracker: the title is one line of plain text, the text
// is Markdown. baseURL is that of the pages; "" while there are none. It must not be
// asked for an action of a private incident.
func Issue(inc *incident.Incident, a incident.Action, names incident.Names, baseURL string) (title, text string) {
	plain := func(typed string) string { return oneLine(clean(incident.PlainText(typed, names))) }
	title = inc.Key() + " " + a.ID() + ": " + caller().ReplaceAllString(plain(a.Text), "${1}"+joiner+"${2}")
	var b strings.Builder
	row := func(name string, value markdown) {
		b.WriteString("- **" + name + ":** " + string(value) + "\n")
	}
	b.WriteString(string(escapeLine(plain(a.Text))) + "\n\n")
	if a.Kind != "" {
		row("Kind", escapeLine(string(a.Kind)))
	}
	if a.DoneWhen != "" {
		row("Done when", escapeLine(plain(a.DoneWhen)))
	}
	row("Due", escapeLine(a.Due.String()))
	owner := escapeLine(names.Name(a.Owner))
	if a.Orphan {
		owner = "nobody: " + owner + " left"
	}
	row("For", owner)
	from := escapeLine(inc.Key())
	if baseURL != "" {
		from = link(inc.Key(), baseURL+"/incidents/"+inc.Key())
	}
	row("Incident", from+", "+escapeLine(plain(inc.Identity.Title)))
	switch a.State {
	case incident.ActionDropped:
		row("Dropped", escapeLine(plain(a.Reason)))
	case incident.ActionDone:
		b.WriteString("\nThis action is done.\n")
	default:
		b.WriteString("\nIt is done when this issue is closed as completed, or with " +
			string(code("/incident "+inc.Key()+" action done "+a.ID())) + " in Slack. Dates and people are changed there.\n")
	}
	return title, b.String()
}
