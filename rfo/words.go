package rfo

import (
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

// banner is what a reader has to know before anything else; "" for nothing.
func (v view) banner() string {
	var parts []string
	l := v.Head.Incident
	if l.Drill {
		parts = append(parts, "This was a drill. Nothing was down, and it is left out of all figures.")
	}
	if l.Private {
		parts = append(parts, "Private incident: for its members only.")
	}
	switch {
	case v.Head.State == Skipped:
		parts = append(parts, "There will be no RFO: "+oneLine(l.Reason))
	case l.Status == incident.Cancelled:
		parts = append(parts, "Cancelled, it was no incident: "+oneLine(l.Reason))
	case l.Status == incident.Merged:
		parts = append(parts, "Went on in "+l.Reason+".")
	}
	return strings.Join(parts, " ")
}

// standing is where incident and document stand, in one line.
func (v view) standing() string {
	l := v.Head.Incident
	severity := "sev" + strconv.Itoa(l.Severity)
	if l.Peak != l.Severity {
		severity += " (at worst sev" + strconv.Itoa(l.Peak) + ")"
	}
	text := "Reason for outage · " + severity + " · incident " + string(l.Status)
	if l.Reopened > 0 {
		text += ", reopened " + times(l.Reopened)
	}
	switch v.Head.State {
	case Draft, InReview, Approved:
		text += " · " + string(v.Head.State) + ", not published"
		if n := len(v.History); n > 0 && v.History[n-1].Open > 0 {
			last := v.History[n-1]
			text += ": " + plural(last.Open, "finding was", "findings were") + " open when revision " + strconv.Itoa(last.Number) + " was written"
		}
	case Published:
		text += " · revision " + strconv.Itoa(v.Head.Revision)
	case Closed:
		text += " · revision " + strconv.Itoa(v.Head.Revision) + ", closed: every action is done or dropped"
	case Changed:
		text += " · changed since revision " + strconv.Itoa(v.Head.Revision)
	default: // the banner says it
	}
	if v.Head.Owner != "" {
		text += " · owner " + v.Head.Owner
	}
	return text + " · all times UTC"
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	default:
		return strconv.Itoa(n) + " times"
	}
}

// impactFacts is the table of the impact.
func (v view) impactFacts() []Fact {
	im := v.Impact
	first, last := im.Intervals[0].Start, im.Intervals[len(im.Intervals)-1].End
	facts := []Fact{
		{Label: "Impact began", Text: momentText(first)},
		{Label: "Users well again", Text: momentText(last)},
		{Label: "Impact duration", Text: im.Duration.Text},
		usersFact(im),
		{Label: "Who, and how estimated", Text: v.method()},
	}
	for _, of := range []struct{ label, found string }{
		{"Affected services", foundAffected},
		{"Suspected services", foundSuspected},
		{"Looked at, not affected", foundClear},
		{"Not rated", foundNothing},
	} {
		if names := im.ServicesFound(of.found); len(names) > 0 {
			facts = append(facts, Fact{Label: of.label, Text: strings.Join(names, ", ")})
		}
	}
	if len(im.Services) == 0 {
		facts = append(facts, Fact{Label: "Affected services", Text: "not recorded"})
	}
	if im.Told.Of > 0 {
		facts = append(facts, Fact{Label: "Customers told", Text: strconv.Itoa(im.Told.Done) + " of " + strconv.Itoa(im.Told.Of)})
	}
	return facts
}

// method is where the estimate comes from.
func (v view) method() string {
	e := v.Impact.Estimate
	switch {
	case e.At.IsZero():
		return "not recorded"
	case e.Amount == "" || e.Text == "":
		return estimated(e)
	}
	return oneLine(e.Text) + " (" + estimated(e) + ")"
}

// fixFacts is the table of the fix.
func (v view) fixFacts() []Fact {
	return []Fact{
		{Label: "State", Text: v.Fix.State},
		{Label: "Mitigation", Text: stepText(v.Fix.Mitigation)},
		{Label: "Permanent fix or accepted risk", Text: stepText(v.Fix.Permanent)},
	}
}

func stepText(s Step) string {
	if s.At.IsZero() {
		return "not recorded"
	}
	text := when(s.At)
	if s.Text == "" {
		return text + ": nothing said of what was done"
	}
	return text + ": " + oneLine(s.Text)
}
