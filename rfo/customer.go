package rfo

import (
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// CustomerText is what people wrote for customers, and what they approved of.
// Nothing of the internal document's texts is used: it would have to be read
// again by somebody anyway, and what was forgotten would be out.
type CustomerText struct {
	Final     bool // else preliminary
	Revision  int
	Summary   string // what it meant for customers, with an apology
	Happened  string // in plain words
	Measures  string // what will change, without names and days
	Untouched string // who was not affected
	Contact   string // where to ask, and the agreement it falls under
	// Services are the names under which customers know a service, by its internal
	// name. A service without one is not mentioned.
	Services map[string]string
	// Numbers says that the number of affected users may be told.
	Numbers bool
	// NextUpdate is when a preliminary version is followed; zero when nobody said.
	NextUpdate time.Time
	// Zone adds the times in the customer's zone; nil for UTC alone.
	Zone *time.Location
}

// CustomerDocument is what a customer may read: an allow-list of fields.
type CustomerDocument struct {
	Reference  string       `json:"reference"`
	Status     string       `json:"status"` // "preliminary" or "final"
	Revision   int          `json:"revision"`
	Window     []Fact       `json:"window"`
	Milestones []Milestone  `json:"milestones"`
	Plan       string       `json:"plan"` // how many measures, and the month of the last
	Text       CustomerText `json:"text"`
	Private    bool         `json:"-"`
	Layout     *Layout      `json:"-"` // nil for the built-in one
}

// Milestone is one step of the incident in our own words.
type Milestone struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
}

// milestones are the moments that a customer may know, and how they are called.
var milestones = []struct {
	name incident.StampName
	what string
}{
	{declared, "We began to work on the problem"},
	{mitigated, "The service worked again"},
	{reopened, "The problem came back"},
	{resolved, "We closed the incident"},
}

// Customer picks from a document what a customer may read. Names, hosts, links,
// internal figures, decisions and the title are not among it.
func Customer(d Document, t CustomerText) CustomerDocument {
	c := CustomerDocument{
		Reference: d.Head.Key, Status: "preliminary", Revision: max(t.Revision, 1), Text: t, Private: d.Head.Incident.Private,
		Plan: customerPlan(d.Actions), Layout: d.Layout,
	}
	if t.Final {
		c.Status = "final"
	}
	c.Window = customerWindow(d.Impact, t)
	for _, s := range d.Speed.Stamps {
		for _, m := range milestones {
			base, _, _ := strings.Cut(string(s.Name), "_")
			if s.Known() && base == string(m.name) {
				c.Milestones = append(c.Milestones, Milestone{At: s.At, What: m.what})
			}
		}
	}
	slices.SortStableFunc(c.Milestones, func(a, b Milestone) int { return a.At.Compare(b.At) })
	return c
}

func customerWindow(im Impact, t CustomerText) []Fact {
	at := func(s Stamp) string {
		text := momentText(s)
		if t.Zone != nil && s.Quality != missing {
			text += " (" + s.At.In(t.Zone).Format(minuteLayout+" MST") + ")"
		}
		return text
	}
	var facts []Fact
	for _, i := range im.Intervals {
		if i.Value.State == OutOfOrder {
			facts = append(facts, Fact{Label: "Customers were affected", Text: "not confirmed yet", Missing: true})
			continue
		}
		facts = append(facts, Fact{Label: "Customers were affected", Text: "from " + at(i.Start) + " until " + at(i.End), Missing: i.Value.State != Known})
	}
	if im.Duration.State == Known {
		facts = append(facts, Fact{Label: "Duration", Text: strings.TrimSpace(boundWords[im.Duration.Bound] + im.Duration.Span.String())})
	}
	var names []string
	for _, s := range append(im.ServicesFound(foundAffected), im.ServicesFound(foundSuspected)...) {
		if public := t.Services[s]; public != "" && !slices.Contains(names, public) {
			names = append(names, clean(public))
		}
	}
	if len(names) > 0 {
		facts = append(facts, Fact{Label: "Services", Text: strings.Join(names, ", ")})
	}
	if t.Numbers && im.Estimate.Amount != "" {
		facts = append(facts, Fact{Label: "Affected", Text: im.Estimate.Amount})
	}
	if t.Untouched != "" {
		facts = append(facts, Fact{Label: "Not affected", Text: oneLine(t.Untouched)})
	}
	return facts
}

// customerPlan counts the measures and names the month of the last: a day would
// be a promise that an internal date never was.
func customerPlan(a Actions) string {
	kept := a.Kept()
	if len(kept) == 0 {
		return ""
	}
	last, open := "", 0
	for _, one := range kept {
		if one.State == incident.ActionOpen {
			open++
			last = max(last, one.Due)
		}
	}
	if open == 0 {
		return plural(len(kept), "improvement is", "improvements are") + " in place."
	}
	text := plural(len(kept), "improvement is", "improvements are") + " decided, " + plural(len(kept)-open, "is", "are") + " in place"
	if due, err := time.Parse(dayLayout, last); err == nil {
		text += "; the last is planned for " + due.Format("January 2006")
	}
	return text + "."
}

// next is when the next version follows.
func next(c CustomerDocument) string {
	if c.Text.NextUpdate.IsZero() {
		return ""
	}
	return when(c.Text.NextUpdate)
}

// CustomerMarkdown is the customer's document as Markdown, without front matter:
// it goes into a mail or onto a page.
func CustomerMarkdown(c CustomerDocument) []byte {
	return render(c.Layout, func(l *Layout) ([]byte, error) { return l.CustomerMarkdown(c) })
}

// CustomerMarkdown lays the customer's document out.
func (l *Layout) CustomerMarkdown(c CustomerDocument) ([]byte, error) {
	return tidy(l.customer, c)
}
