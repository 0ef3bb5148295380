package incident

import (
	"strings"
	"unicode/utf8"
)

// AddCustomer puts a customer on the list of those who have to be told.
type AddCustomer struct{ Name string }

// TellCustomer ticks a customer off: they were told.
type TellCustomer struct {
	Name string
	By   PersonID // who told them; System for the actor
}

// Verb is "customer".
func (AddCustomer) Verb() string { return "customer" }

// Verb is "customer".
func (TellCustomer) Verb() string { return "customer" }

// Needs nothing from outside.
func (AddCustomer) Needs() Needs { return Needs{} }

// Needs to know who told them.
func (c TellCustomer) Needs() Needs { return Needs{People: named(c.By)} }

func (c AddCustomer) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	name, err := customerName(c.Name)
	if err != nil {
		return Decision{}, err
	}
	if known, ok := i.Board.Customer(name); ok {
		return Decision{}, refuse(Conflict, "customer.known", "name", known.Name, "told", known.Told, "by", known.ToldBy, "at", known.At)
	}
	left := i.Board.untold()
	return Decision{
		Events: []Event{CustomerAdded{Name: name}},
		Say:    say("customer.added", "key", i.Key(), "name", name, "left", left+1),
	}, nil
}

func (c TellCustomer) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	name, err := customerName(c.Name)
	if err != nil {
		return Decision{}, err
	}
	if c.By == s.Actor {
		c.By = System
	}
	if c.By != System {
		if err := f.person(c.By); err != nil {
			return Decision{}, err
		}
	}
	known, ok := i.Board.Customer(name)
	if known.Told {
		return Decision{}, refuse(Conflict, "customer.told_already", "name", known.Name, "by", known.ToldBy, "at", known.At)
	}
	left := i.Board.untold()
	if ok {
		name, left = known.Name, left-1
	}
	return Decision{
		Events: []Event{CustomerTold{Name: name, By: c.By}},
		Say:    say("customer.told", "key", i.Key(), "name", name, "by", c.By, "left", left),
	}, nil
}

// customerName is the name in one line.
func customerName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if err := needs(name, "customer.no_name"); err != nil {
		return "", err
	}
	if n := utf8.RuneCountInString(name); n > nameLimit {
		return "", refuse(Invalid, "customer.long", "limit", nameLimit, "length", n)
	}
	return name, nil
}

// Customer finds a customer by name, in whatever case.
func (b Board) Customer(name string) (Customer, bool) {
	for _, c := range b.Customers {
		if strings.EqualFold(c.Name, name) {
			return c, true
		}
	}
	return Customer{}, false
}

// untold is how many customers on the list were not told yet.
func (b Board) untold() int {
	n := 0
	for _, c := range b.Customers {
		if !c.Told {
			n++
		}
	}
	return n
}

func customerKey(name string) string { return "customer:" + strings.ToLower(name) }

// CustomerAdded is a customer who has to be told.
type CustomerAdded struct{ Name string }

var _ = register[CustomerAdded]()

// Kind is "customer.added".
func (CustomerAdded) Kind() string { return "customer.added" }

// Line reads like "customer to be told: Acme".
func (e CustomerAdded) Line(names Names) string { return colon("customer to be told", e.Name, names) }

// Keys is the customer.
func (e CustomerAdded) Keys() []string { return []string{customerKey(e.Name)} }

func (e CustomerAdded) apply(i *Incident, _ Record) {
	i.Board.Customers = append(i.Board.Customers, Customer{Name: e.Name})
}

// CustomerTold is a customer who was told, on the list before or not.
type CustomerTold struct {
	Name string
	By   PersonID `json:",omitempty"` // somebody else than who recorded it
}

var _ = register[CustomerTold]()

// Kind is "customer.told".
func (CustomerTold) Kind() string { return "customer.told" }

// Line reads like "customer told by Bob: Acme".
func (e CustomerTold) Line(names Names) string {
	if e.By == System {
		return colon("customer told", e.Name, names)
	}
	return colon("customer told by "+names.Name(e.By), e.Name, names)
}

// Keys is the customer.
func (e CustomerTold) Keys() []string { return []string{customerKey(e.Name)} }

func (e CustomerTold) apply(i *Incident, r Record) {
	by := e.By
	if by == System {
		by = r.Actor
	}
	if _, ok := i.Board.Customer(e.Name); !ok {
		i.Board.Customers = append(i.Board.Customers, Customer{Name: e.Name})
	}
	for n := range i.Board.Customers {
		if c := &i.Board.Customers[n]; strings.EqualFold(c.Name, e.Name) {
			c.Told, c.ToldBy, c.At = true, by, r.At
		}
	}
}
