package bot

import (
	"time"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

// The readers of arguments take words off the front of what is left. Each says
// whether its form was there; a form that is there and cannot be is a
// *grammar.Problem.

// take reads the next word.
func (c *Invocation) take() grammar.Word {
	var w grammar.Word
	w, c.rest = c.rest.Next()
	return w
}

// text takes everything that is left as free text.
func (c *Invocation) text() string {
	t := c.rest.Text()
	c.rest = grammar.Line{}
	return t
}

// person takes a leading mention or "me".
func (c *Invocation) person() (incident.PersonID, bool, error) {
	w, rest := c.rest.Next()
	who, ok, err := grammar.Person(w)
	if err != nil || !ok {
		return incident.System, false, err
	}
	c.rest = rest
	if who.Me {
		return c.Actor.ID, true, nil
	}
	return incident.PersonID(who.ID), true, nil
}

// people takes one mention or more, and nothing else.
func (c *Invocation) people() ([]incident.PersonID, error) {
	var list []incident.PersonID
	for !c.rest.Empty() {
		p, ok, err := c.person()
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, misfit{}
		}
		list = append(list, p)
	}
	if len(list) == 0 {
		return nil, misfit{}
	}
	return list, nil
}

// at takes "at TIME".
func (c *Invocation) at() (time.Time, error) {
	at, rest, err := grammar.AtWhen(c.rest, c.Now(), c.Zone())
	if err == nil {
		c.rest = rest
	}
	return at, err
}

// when takes "at TIME" or TIME.
func (c *Invocation) when() (time.Time, error) {
	at, rest, err := grammar.AnyWhen(c.rest, c.Now(), c.Zone())
	if err == nil {
		c.rest = rest
	}
	return at, err
}

// date takes DATE; ok is false when there is none.
func (c *Invocation) date() (incident.Civil, bool, error) {
	d, rest, err := grammar.Date(c.rest, c.Now(), c.Zone())
	if err != nil || d == (incident.Civil{}) {
		return incident.Civil{}, false, err
	}
	c.rest = rest
	return d, true, nil
}

// id takes an id of the row's letter, which the table has seen already.
func (c *Invocation) id() int64 {
	w := c.take()
	if seq, ok := grammar.Entry(w); ok {
		return seq
	}
	if n, ok := grammar.Task(w); ok {
		return int64(n)
	}
	n, _ := grammar.Action(w)
	return int64(n)
}

// keyword takes the next word when it is one of these, lower-cased.
func (c *Invocation) keyword(of ...string) (string, bool) {
	w, rest := c.rest.Next()
	for _, one := range of {
		if w.Is(one) {
			c.rest = rest
			return one, true
		}
	}
	return "", false
}

// end is a misfit when something is left.
func (c *Invocation) end() error {
	if !c.rest.Empty() {
		return misfit{}
	}
	return nil
}
