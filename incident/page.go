package incident

import (
	"strconv"
	"strings"
	"time"
)

// pageAgain is how long after a page that went out the same one is asked about:
// whoever was woken needs a moment to answer.
const pageAgain = 5 * time.Minute

// OnCall is the word that pages whoever is on call for the service that is paged
// unless another is named.
const OnCall = "on-call"

// Page wakes somebody up: a person, or whoever is on call for a service.
type Page struct {
	Who       PersonID // System for a service
	Service   string   // a configured service's name; "" for the one that is paged unless another is named
	Text      string
	Confirmed bool // although one is on its way: whoever gives the command was asked
}

// Verb is "page".
func (Page) Verb() string { return "page" }

// Needs to know the person.
func (c Page) Needs() Needs { return Needs{People: named(c.Who)} }

func (c Page) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if err := fits(c.Text); err != nil {
		return Decision{}, err
	}
	if c.Who != System {
		if err := f.person(c.Who); err != nil {
			return Decision{}, err
		}
	}
	e := PageRequested{
		Number: i.Trace.Counters.Pages + 1, Who: c.Who, Service: c.Service, Text: strings.TrimSpace(c.Text), Drill: i.Identity.Drill,
		Target: f.Policy.pagerService(c.Service),
	}
	about := []any{"key", i.Key(), "who", c.Who, "service", c.Service, "phones", f.Policy.Paging.phones()}
	last, ok := i.Board.lastPage(c.Who, c.Service)
	if ok && last.State == PageLost && e.Text == "" {
		// Its button pages again, and carries no words: Slack shows buttons' values to whoever looks.
		e.Text = last.Text
	}
	switch {
	case i.Identity.Drill:
		return Decision{Events: []Event{e}, Say: say("page.drill", about...)}, nil
	case !f.Policy.Paging.On:
		return Decision{}, refuse(Conflict, "page.none", about...)
	case ok && !c.Confirmed && last.recent(s.At):
		return Decision{}, refuse(Ask, "page.twice", append(about, "at", last.At, "by", last.By, "sent", last.State == PageOut)...).
			with(confirming("page_again", c.line()))
	}
	d := Decision{Events: []Event{e}, Say: say("page.done", about...)}
	if c.Who != System {
		d.Effects = f.bringIn(c.Who)
	}
	d.Effects = append(d.Effects, Effect{Kind: WakeUp, Number: e.Number})
	return d, nil
}

// line is the command as it is typed.
func (c Page) line() string {
	target := c.Service
	switch {
	case c.Who != System:
		target = PersonMark(c.Who)
	case target == "":
		target = OnCall
	}
	return strings.TrimSpace("page " + target + " " + c.Text)
}

// PageState is how far a page has got.
type PageState string

// The states of a page. A failing one is still tried; people have been told whom
// to phone.
const (
	PageAsked   PageState = "asked"
	PageFailing PageState = "failing"
	PageOut     PageState = "out"
	PageLost    PageState = "lost"  // given up
	PageDrill   PageState = "drill" // nobody is paged in a drill
)

// Paging is one page.
type Paging struct {
	Number  int // P2 is 2
	Who     PersonID
	Service string
	Target  string // PagerDuty's id of the service; "" for the configured one
	Text    string
	By      PersonID
	At      time.Time
	State   PageState
	Way     string // in which it went out
	Ref     string // what it is called over there
}

// Waiting says that it is still to be sent.
func (p Paging) Waiting() bool { return p.State == PageAsked || p.State == PageFailing }

// recent says that whoever asks again may not know of it.
func (p Paging) recent(now time.Time) bool {
	return p.State == PageAsked || p.State == PageFailing || p.State == PageOut && now.Sub(p.At) < pageAgain
}

// Page finds a page by its number.
func (b Board) Page(number int) (Paging, bool) {
	for _, p := range b.Pages {
		if p.Number == number {
			return p, true
		}
	}
	return Paging{}, false
}

// lastPage is the latest page of a person or a service.
func (b Board) lastPage(who PersonID, service string) (Paging, bool) {
	for n := len(b.Pages) - 1; n >= 0; n-- {
		if p := b.Pages[n]; p.Who == who && strings.EqualFold(p.Service, service) {
			return p, true
		}
	}
	return Paging{}, false
}

// changePage changes a page in place.
func (i *Incident) changePage(number int, change func(*Paging)) {
	for n := range i.Board.Pages {
		if i.Board.Pages[n].Number == number {
			change(&i.Board.Pages[n])
		}
	}
}

// pageKeys begins the key of every page, so that what we make elsewhere is
// recognised when we are told of it.
const pageKeys = "rollcall/"

// PageKey is the identity of a page outside, the same at every attempt.
func PageKey(id ID, number int) string { return pageKeys + string(id) + "/" + PageID(number) }

// OwnPage says whether something over there was made by a page of ours, and names
// the incident it belongs to.
func OwnPage(key string) (ID, bool) {
	rest, ok := strings.CutPrefix(key, pageKeys)
	id, number, cut := strings.Cut(rest, "/P")
	return ID(id), ok && cut && id != "" && number != ""
}

// PageID spells the id of page n, such as "P1".
func PageID(n int) string { return "P" + strconv.Itoa(n) }

// PageText is what the phone of whoever is paged shows. Of a private incident it
// is only where to come: other people's screens show it too.
func (i *Incident) PageText(p Paging, names Names) string {
	if i.Identity.Private {
		return "You are needed on " + i.Key()
	}
	text := i.Key() + " " + severityName(i.Life.Severity) + ": " + i.Identity.Title
	if p.Text != "" {
		text += ": " + p.Text
	}
	text = strings.Join(strings.Fields(PlainText(text, names)), " ")
	if p.By != System {
		text += " (" + names.Name(p.By) + " asks)"
	}
	return text
}

// PagingPolicy is how people are woken up.
type PagingPolicy struct {
	On     bool    // there is a PagerDuty to page by
	Phones []Phone // whom to call when paging fails
}

// Phone is a number that works when nothing else does.
type Phone struct{ Name, Number string }

func (p PagingPolicy) phones() []Args {
	list := make([]Args, 0, len(p.Phones))
	for _, one := range p.Phones {
		list = append(list, Args{"name": one.Name, "number": one.Number})
	}
	return list
}

// pagerService is PagerDuty's id of a service; "" for the configured one.
func (p *Policy) pagerService(name string) string {
	if s := p.service(name); s != nil {
		return s.PagerDuty
	}
	return ""
}

// PageRequested is somebody to be woken up.
type PageRequested struct {
	Number  int
	Who     PersonID `json:",omitempty"`
	Service string   `json:",omitempty"`
	Target  string   `json:",omitempty"`
	Text    string   `json:",omitempty"`
	Drill   bool     `json:",omitempty"`
}

var _ = register[PageRequested]()

// Kind is "page.requested".
func (PageRequested) Kind() string { return "page.requested" }

// Line reads like "pages Bob: the database is full".
func (e PageRequested) Line(names Names) string {
	line := "pages " + pageTarget(e.Who, e.Service, names)
	if e.Drill {
		line = "would page " + pageTarget(e.Who, e.Service, names) + " (a drill pages nobody)"
	}
	return colon(line, e.Text, names)
}

// Keys is the page.
func (e PageRequested) Keys() []string { return []string{pageKey(e.Number)} }

func (PageRequested) instead() string { return "instead.page" }

func (e PageRequested) number(c *Counters) { c.Pages = max(c.Pages, e.Number) }

func (e PageRequested) apply(i *Incident, r Record) {
	p := Paging{
		Number: e.Number, Who: e.Who, Service: e.Service, Target: e.Target, Text: e.Text, By: r.Actor, At: r.At, State: PageAsked,
	}
	if e.Drill {
		p.State = PageDrill
	}
	i.Board.Pages = append(i.Board.Pages, p)
}

func pageKey(number int) string { return "page:" + PageID(number) }

// pageTarget is whom a page is for, in a line.
func pageTarget(who PersonID, service string, names Names) string {
	switch {
	case who != System:
		return names.Name(who)
	case service != "":
		return "whoever is on call for " + service
	default:
		return "whoever is on call"
	}
}
