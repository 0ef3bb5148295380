package incident

import (
	"slices"
	"strings"
	"time"
)

// TitleLimit is the longest title in characters; cards show it whole.
const TitleLimit = 200

// OpenIncident opens an incident. The call link is made before, so that nothing can
// keep it out of the answer.
type OpenIncident struct {
	Title    string
	Severity int // 0 for the configured one
	Private  bool
	Drill    bool
	Services []string
	Call     Call     // URL and Provider of a link that needs no room; none for the zero Call
	Rooms    []string // providers of rooms that come before it, in order
	Invite   []PersonID
	Tasks    []string    // beside the default ones
	From     *PinMessage // the message that it is opened from; nil for none
}

// Verb is "open".
func (OpenIncident) Verb() string { return "open" }

// Needs the next number and what was opened a short time ago.
func (c OpenIncident) Needs() Needs {
	return Needs{Number: true, Recent: true, People: c.Invite, Rooms: c.Rooms}
}

// SameWindow is how long after an incident another one may be the same.
const SameWindow = 10 * time.Minute

func (c OpenIncident) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	title := strings.Join(strings.Fields(c.Title), " ")
	switch {
	case title == "":
		return Decision{}, refuse(Invalid, "open.no_title", "drill", c.Drill)
	case len([]rune(title)) > TitleLimit:
		return Decision{}, refuse(Invalid, "open.long_title", "limit", TitleLimit, "title", title)
	}
	severity := c.Severity
	if severity == 0 {
		severity = f.Policy.DefaultSeverity
	}
	opened := Opened{
		Number: f.Number, Title: title, Severity: severity, Private: c.Private, Drill: c.Drill,
		ChannelName: ChannelName(f.Number, title, c.Private), Machine: f.Actor.Bot,
	}
	d := Decision{Events: []Event{opened}}
	calls, call, waits := c.call(f)
	d.Events = append(d.Events, calls...)
	for n, text := range append(slices.Clone(f.Policy.DefaultTasks), c.Tasks...) {
		d.Events = append(d.Events, TaskAdded{Number: i.Trace.Counters.Tasks + n + 1, Text: text})
	}
	for n, name := range c.Services {
		if len(name) > nameLimit {
			return Decision{}, refuse(Invalid, "service.name", "name", name, "verb", "service")
		}
		if !slices.Contains(c.Services[:n], name) {
			d.Events = append(d.Events, i.rated(ServiceRated{Name: name, State: Suspect}, f.Policy)...)
		}
	}
	if c.From != nil {
		if err := firstRefusal(needs(c.From.Text, "pin.empty"), fits(c.From.Text), notInFuture(c.From.At, s)); err != nil {
			return Decision{}, err
		}
		d.Events = append(d.Events, MessagePinned(*c.From))
	}
	d.Effects = append(d.Effects, Effect{Kind: CreateChannel})
	opener := s.Actor
	if f.Actor.Bot {
		opener = System // no machine waits outside a channel
	}
	if people := invited(opener, c.Invite); len(people) > 0 {
		d.Effects = append(d.Effects, Effect{Kind: Invite, People: people})
	}
	d.Effects = append(d.Effects, i.tellFollowers(d.Events, s, f.Policy)...)
	paged := c.paged(i, s, f)
	d.Say = say("open.done", "key", Key(f.Number), "title", title, "severity", severity, "call", call.URL,
		"provider", ProviderName(call.Provider), "waits", ProviderName(waits), "lack", string(f.Room.Lack), "private", c.Private,
		"drill", c.Drill, "paged", names(paged))
	d.Choices = c.sameAs(s, f)
	for _, p := range paged {
		d.Events = append(d.Events, p)
		d.Effects = append(d.Effects, Effect{Kind: WakeUp, Number: p.Number})
	}
	switch {
	case len(paged) > 0 || c.Drill:
	case f.Policy.Paging.On:
		d.Choices = append(d.Choices, choice("page", "page"))
	default:
		d.Choices = append(d.Choices, choice("oncall", "oncall"))
	}
	return d, nil
}

// paged are the pages that the operator wants of the services that a person names.
// An alarm has paged already, and a drill pages nobody.
func (c OpenIncident) paged(i *Incident, s Stamp, f Facts) []PageRequested {
	if s.Actor == System || c.Drill || !f.Policy.Paging.On {
		return nil
	}
	var pages []PageRequested
	for _, name := range c.Services {
		named := func(p PageRequested) bool { return strings.EqualFold(p.Service, name) }
		if one := f.Policy.service(name); one != nil && one.PageOnOpen && !slices.ContainsFunc(pages, named) {
			pages = append(pages, PageRequested{Number: i.Trace.Counters.Pages + len(pages) + 1, Service: one.Name, Target: one.PagerDuty})
		}
	}
	return pages
}

// names are the services of pages, for a list.
func names(pages []PageRequested) string {
	words := make([]string, 0, len(pages))
	for _, p := range pages {
		words = append(words, p.Service)
	}
	return list(words)
}

// invited puts whoever opened the incident first, so that nobody waits outside
// a channel that exists.
func invited(opener PersonID, more []PersonID) []PersonID {
	var people []PersonID
	if opener != System {
		people = append(people, opener)
	}
	return append(people, more...)
}

// sameAs offers to fold this incident into one that was opened moments ago.
// A private incident is never offered to be merged into a public one, nor a real
// one into a drill.
func (c OpenIncident) sameAs(s Stamp, f Facts) []Choice {
	var choices []Choice
	for _, b := range f.Recent {
		if !c.Private && !b.Private && c.Drill == b.Drill && !b.Status.Over() && s.At.Sub(b.OpenedAt) < SameWindow {
			choices = append(choices, choice("same_as", "merge "+Key(b.Number), "key", Key(b.Number)))
		}
	}
	return choices
}

// Opened is the first event of every incident.
type Opened struct {
	Number      int
	Title       string
	Severity    int
	Private     bool
	Drill       bool
	ChannelName string
	Machine     bool `json:",omitempty"` // another program opened it: nobody can be asked about it
}

var _ = register[Opened](func(body []byte) ([]byte, error) { return body, nil }) // since 2 with machine

// Kind is "opened".
func (Opened) Kind() string { return "opened" }

// Line reads like "opened as sev1: Checkout is down".
func (e Opened) Line(names Names) string {
	what := "opened"
	if e.Drill {
		what = "opened a drill"
	}
	return colon(what+" as "+severityName(e.Severity), e.Title, names)
}

// Keys is the whole incident.
func (Opened) Keys() []string { return []string{"opened"} }

func (Opened) instead() string { return "instead.open" }

func (e Opened) apply(i *Incident, r Record) {
	i.Identity = Identity{
		Number: e.Number, Title: e.Title, ChannelName: e.ChannelName, Private: e.Private, Drill: e.Drill,
		Opener: r.Actor, OpenedAt: r.At,
	}
	if e.Machine {
		i.Identity.Opener = System
	}
	i.Life = Life{Status: Open, Severity: e.Severity, Peak: e.Severity}
	i.Life.Marks = append(i.Life.Marks, Mark{Status: Open, At: r.At, By: r.Actor, Seq: r.Seq})
}
