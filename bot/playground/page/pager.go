package page

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
)

// Pager is PagerDuty's side.
type Pager struct {
	Services []Service `json:"services"`
	Alarms   []Alarm   `json:"alarms"` // the newest first
	Pages    []Paged   `json:"pages"`  // the newest first
}

// Alarm is an incident in PagerDuty.
type Alarm struct {
	ID      string    `json:"id"`
	Number  int       `json:"number"`
	Title   string    `json:"title"`
	Status  string    `json:"status"`
	Service string    `json:"service"`
	Created time.Time `json:"created"`
	Notes   []string  `json:"notes"`
}

// Paged is somebody whose phone rang.
type Paged struct {
	User  string    `json:"user"` // PagerDuty's id
	Title string    `json:"title"`
	At    time.Time `json:"at"`
}

// pager is the state of PagerDuty.
func (p *Page) pager() Pager {
	out := Pager{Services: p.stage.Services, Alarms: []Alarm{}, Pages: []Paged{}}
	for _, i := range p.stage.Pager.Incidents() {
		one := Alarm{ID: i.ID, Number: i.Number, Title: i.Title, Status: i.Status, Created: i.Created, Notes: []string{}}
		for _, s := range p.stage.Services {
			if s.ID == i.ServiceID {
				one.Service = s.Name
			}
		}
		for _, n := range i.Notes {
			one.Notes = append(one.Notes, n.Content)
		}
		out.Alarms = append(out.Alarms, one)
	}
	for _, g := range p.stage.Pager.Pages() {
		name := g.UserID
		if known, ok := p.stage.Phones[g.UserID]; ok {
			name = known
		}
		out.Pages = append(out.Pages, Paged{name, g.Title, g.At})
	}
	slices.Reverse(out.Alarms)
	slices.Reverse(out.Pages)
	return out
}

// mark differs whenever PagerDuty shows something else.
func (p *Page) mark() string {
	var b strings.Builder
	for _, i := range p.stage.Pager.Incidents() {
		fmt.Fprintf(&b, "%s %s %d %d\n", i.ID, i.Status, len(i.Notes), len(i.Responders))
	}
	fmt.Fprint(&b, len(p.stage.Pager.Pages()))
	return b.String()
}

// phone is PagerDuty's id of a person of the workspace; somebody on call stands in for whoever has no account.
func (p *Page) phone(name string) string {
	someone := ""
	for id, owner := range p.stage.Phones {
		if owner == name {
			return id
		}
		if someone == "" || id < someone {
			someone = id
		}
	}
	return someone
}

// alarm does something in PagerDuty: raise (on a service), acknowledge or resolve (an alarm).
func (p *Page) alarm(do, subject, title, who string) error {
	defer p.changed()
	switch do {
	case "raise":
		if title = strings.TrimSpace(title); title == "" {
			return fmt.Errorf("an alarm needs a title, such as: payments fail")
		}
		_, err := p.stage.Pager.Trigger(subject, title, fmt.Sprintf("playground-%d", len(p.stage.Pager.Incidents())+1))
		return err
	case "acknowledge":
		return p.stage.Pager.Acknowledge(p.phone(who), subject)
	case "resolve":
		return p.stage.Pager.Resolve(p.phone(who), subject)
	}
	return fmt.Errorf("PagerDuty cannot %q", do)
}

// pagerFault is PagerDuty's API failing as a switch says.
func (p *Page) pagerFault() (remove func()) {
	return p.stage.Pager.Inject(pagerfake.Fault{Kind: pagerfake.Reset})
}
