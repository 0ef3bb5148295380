package main

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// people looks names up for what is printed.
type people struct{ r *storage.Reader }

// Name is what others call the person.
func (n people) Name(id incident.PersonID) string {
	if id == incident.System {
		return "Rollcall"
	}
	p, err := n.r.Person(id)
	if err != nil {
		return "somebody"
	}
	for _, name := range []string{p.RealName, p.Name} {
		if name != "" {
			return name
		}
	}
	return "somebody"
}

// printable takes out what would move the cursor of a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, text)
}
