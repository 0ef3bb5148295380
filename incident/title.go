package incident

import (
	"strings"
	"unicode/utf8"
)

// SetTitle gives the incident another title. The names of its channel and files
// stay as they were at open, so that links go on working.
type SetTitle struct{ Title string }

// Verb is "title".
func (SetTitle) Verb() string { return "title" }

// Needs nothing from outside.
func (SetTitle) Needs() Needs { return Needs{} }

func (c SetTitle) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	title := strings.Join(strings.Fields(c.Title), " ")
	switch {
	case title == "":
		return Decision{}, refuse(Invalid, "title.empty", "title", i.Identity.Title)
	case utf8.RuneCountInString(title) > TitleLimit:
		return Decision{}, refuse(Invalid, "title.long", "limit", TitleLimit, "length", utf8.RuneCountInString(title))
	case title == i.Identity.Title:
		return Decision{}, refuse(Conflict, "title.same", "key", i.Key(), "title", title)
	}
	return Decision{
		Events: []Event{Retitled{From: i.Identity.Title, To: title}},
		Say:    say("title.done", "key", i.Key(), "title", title),
	}, nil
}

// Retitled is a new title.
type Retitled struct{ From, To string }

var _ = register[Retitled]()

// Kind is "retitled".
func (Retitled) Kind() string { return "retitled" }

// Line gives the new title.
func (e Retitled) Line(names Names) string { return "title: " + PlainText(e.To, names) }

// Keys is the title.
func (Retitled) Keys() []string { return []string{"title"} }

func (e Retitled) apply(i *Incident, _ Record) { i.Identity.Title = e.To }
